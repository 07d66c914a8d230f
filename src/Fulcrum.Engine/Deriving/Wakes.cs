using System.Collections.Immutable;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>When each key wants to be thought about again; immutable, so that it can be part of a state.</summary>
internal sealed class Wakes<TKey>
    where TKey : class
{
    private readonly Map<TKey, Due> _byKey;
    private readonly ImmutableSortedDictionary<DateTimeOffset, Map<TKey, Due>> _byTime;

    private Wakes(Map<TKey, Due> byKey, ImmutableSortedDictionary<DateTimeOffset, Map<TKey, Due>> byTime)
    {
        _byKey = byKey;
        _byTime = byTime;
    }

    public static Wakes<TKey> None { get; } =
        new(Map<TKey, Due>.Empty, ImmutableSortedDictionary<DateTimeOffset, Map<TKey, Due>>.Empty);

    /// <summary>Null: nobody waits for time to pass.</summary>
    public DateTimeOffset? Earliest => _byTime.IsEmpty ? null : _byTime.First().Key;

    public Wakes<TKey> With(TKey key, DateTimeOffset? at)
    {
        var present = _byKey[key];
        if (present?.At == at)
        {
            return this;
        }

        var byTime = _byTime;
        if (present is not null)
        {
            var rest = byTime[present.At].Without(key);
            byTime = rest.IsEmpty ? byTime.Remove(present.At) : byTime.SetItem(present.At, rest);
        }

        if (at is not { } time)
        {
            return new(_byKey.Without(key), byTime);
        }

        var due = new Due(time);
        var same = byTime.GetValueOrDefault(time, Map<TKey, Due>.Empty);
        return new(_byKey.With(key, due), byTime.SetItem(time, same.With(key, due)));
    }

    public IEnumerable<TKey> DueBy(DateTimeOffset now) =>
        _byTime.TakeWhile(pair => pair.Key <= now).SelectMany(pair => pair.Value.Keys);

    private sealed record Due(DateTimeOffset At);
}
