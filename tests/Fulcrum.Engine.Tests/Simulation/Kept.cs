namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>
/// What may be there of what must outlive a crash. Acknowledged: this and nothing else. Asked for, and not answered,
/// or answered that it failed: this or what was there before.
/// </summary>
internal sealed class Kept<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private readonly SortedDictionary<string, (TKey Key, List<TValue?> Possible)> _entries = new(
        StringComparer.Ordinal
    );

    /// <summary>What is there for certain, if anything is.</summary>
    public IEnumerable<(TKey Key, TValue Value)> Certain =>
        from entry in _entries.Values
        where entry.Possible is [not null]
        select (entry.Key, entry.Possible[0]!);

    public void Asked(TKey key, TValue? value) => Of(key).Add(value);

    public void Acknowledged(TKey key, TValue? value)
    {
        var possible = Of(key);
        possible.Clear();
        possible.Add(value);
    }

    /// <summary>It was not even tried.</summary>
    public void Refused(TKey key) => Of(key).RemoveAt(Of(key).Count - 1);

    /// <param name="what">For people.</param>
    /// <param name="found">What is there.</param>
    /// <param name="isOver">It may have gone by itself.</param>
    /// <param name="settle">What is found after a restart is so for good.</param>
    public void Check(string what, Func<TKey, TValue?> found, Func<TValue, bool> isOver, bool settle)
    {
        foreach (var (key, possible) in _entries.Values)
        {
            var there = found(key);
            var may = possible.Exists(value =>
                Equals(value, there) || (there is null && value is not null && isOver(value))
            );
            var said = string.Join(" or ", possible.Select(value => value?.ToString() ?? "nothing"));
            Rule.Holds(may, $"{what} {key} is {there?.ToString() ?? "nothing"} instead of {said}");
            if (settle)
            {
                possible.Clear();
                possible.Add(there);
            }
        }
    }

    private List<TValue?> Of(TKey key)
    {
        var name = key.ToString()!;
        if (!_entries.TryGetValue(name, out var entry))
        {
            _entries[name] = entry = (key, [null]);
        }

        return entry.Possible;
    }
}
