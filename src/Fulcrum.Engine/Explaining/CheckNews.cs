using Fulcrum.Engine.Ports;

namespace Fulcrum.Engine.Explaining;

/// <summary>A change of a check in one sentence.</summary>
/// <param name="IsBad">Somebody should look.</param>
public sealed record CheckNews(bool IsBad, string Text)
{
    /// <summary>
    /// At most so many sentences about these changes; when there are more, good news is left out first. Of a check that
    /// flaps only the beginning and the end are told.
    /// </summary>
    /// <param name="transitions">All that are kept of those after <paramref name="after"/>.</param>
    /// <param name="names">Of every task.</param>
    /// <returns>The sentences in order, and how many changes more there were.</returns>
    public static (IReadOnlyList<CheckNews> Told, long More) Of(
        IReadOnlyList<CheckTransition> transitions,
        long after,
        ILookup<ProbeTask, string> names,
        int most
    )
    {
        var all = transitions.Select(one => Of(one, names[one.Task])).OfType<CheckNews>().ToList();
        var missed = transitions.Count == 0 ? 0 : transitions[0].Sequence - after - 1;
        var told = all.Index()
            .OrderByDescending(one => one.Item.IsBad)
            .Take(most)
            .OrderBy(one => one.Index)
            .Select(one => one.Item)
            .ToList();
        return (told, missed + all.Count - told.Count);
    }

    private static CheckNews? Of(CheckTransition change, IEnumerable<string> names)
    {
        var (who, isBad) = (Who(change.Task, [.. names]), change.To == Verdict.Unhealthy);
        var state = $"{Words.Of(change.To)}: {change.Reason}";
        return (change.WasFlapping, change.IsFlapping) switch
        {
            (true, true) => null,
            (false, true) => new(true, $"{who} flaps: its results keep changing; now it is {state}"),
            (true, false) => new(isBad, $"{who} flaps no more: it is {state}"),
            _ => new(isBad, $"{who} is {state} (was {Words.Of(change.From)})"),
        };
    }

    // Those that nobody asks for any more have no name left.
    private static string Who(ProbeTask task, string[] names) =>
        names.Length switch
        {
            0 => $"check {task}",
            1 => $"check {names[0]}",
            var count => $"check {names[0]} (and {count - 1} more)",
        };
}
