using System.Collections.Concurrent;

namespace Fulcrum.TestKit.Fakes;

/// <summary>In order, what every recording adapter was told; and where tests make them slow or fail.</summary>
public sealed class AdapterJournal
{
    private readonly ConcurrentQueue<string> _entries = [];

    /// <summary>Asked before each operation that can fail, by what would be recorded. Throwing makes it fail.</summary>
    public Func<string, CancellationToken, ValueTask> Before { get; set; } = (_, _) => ValueTask.CompletedTask;

    /// <summary>Told after each entry.</summary>
    public Action<string> After { get; set; } = _ => { };

    public IReadOnlyList<string> Entries => [.. _entries];

    public void Clear() => _entries.Clear();

    public void Add(string entry)
    {
        _entries.Enqueue(entry);
        After(entry);
    }

    /// <summary>An operation that may fail; it is recorded when it did not.</summary>
    public async ValueTask TryAsync(string entry, CancellationToken cancellation)
    {
        await Before(entry, cancellation);
        Add(entry);
    }
}
