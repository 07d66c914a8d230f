using Fulcrum.Engine.Ports;

namespace Fulcrum.TestKit.Fakes;

/// <summary>Holds objects as addresses and announcements are held, and writes down what it was told.</summary>
/// <param name="name">Before each entry: <c>address</c>.</param>
/// <param name="keyOf">What makes two objects the same one.</param>
public sealed class RecordingAdapter<T>(AdapterJournal journal, string name, Func<T, object> keyOf) : IObjectAdapter<T>
    where T : class
{
    private readonly Dictionary<object, T> _present = [];

    /// <summary>What is there; survives the engine, as the world does.</summary>
    public IReadOnlyCollection<T> Present => [.. _present.Values];

    /// <summary>Something that a former run left, or that somebody else meddled with.</summary>
    public void Put(T item) => _present[keyOf(item)] = item;

    public async ValueTask<IReadOnlyList<T>> ReadAsync(CancellationToken cancellation)
    {
        await journal.Before($"{name}: read", cancellation);
        return [.. _present.Values];
    }

    public async ValueTask SetAsync(T wanted, CancellationToken cancellation)
    {
        var verb = _present.ContainsKey(keyOf(wanted)) ? "~" : "+";
        var entry = $"{name}: {verb} {keyOf(wanted)}";
        await journal.Before(entry, cancellation);
        _present[keyOf(wanted)] = wanted;
        journal.Add(entry);
    }

    public async ValueTask RemoveAsync(T present, CancellationToken cancellation)
    {
        var entry = $"{name}: - {keyOf(present)}";
        await journal.Before(entry, cancellation);
        if (_present.Remove(keyOf(present)))
        {
            journal.Add(entry);
        }
    }
}
