using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Explaining;

internal static class CheckAccount
{
    public static Account? Of(DerivedState state, Subject subject)
    {
        var name = subject.Name;
        foreach (var at in Membership.Splits(name))
        {
            if (Membership.Find(state, name[..at]) is { } member)
            {
                var asked = Asked.Of(state, member).Where(one => one.Check.Id == name[(at + 1)..]).ToList();
                if (asked.Count > 0)
                {
                    return Of(subject, asked);
                }
            }
        }

        return null;
    }

    private static Account Of(Subject subject, List<Asked> asked)
    {
        var worst = Verdicts.Worst(asked.Select(one => one.Health.Verdict));
        var since = asked.Where(one => one.Health.Verdict == worst).Max(one => one.Health.Since);
        return new()
        {
            Subject = subject,
            State = Words.Of(worst),
            // What was never asked is not so since anything.
            Since = worst == Verdict.Unknown ? null : since,
            Reasons = Sight.Lines(asked.Select(one => (one.Sight, Words.Of(one.Health.Verdict), TextOf(one)))),
        };
    }

    private static string TextOf(Asked asked) =>
        asked.Task is { } task
            ? $"{asked.Health.Reason} ({task}{(task.Paused ? ", paused" : "")})"
            : "it cannot be asked: no address or port is known";
}
