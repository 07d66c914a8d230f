using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Events;

/// <summary>Changes of verdicts as events; of a check that flaps only the beginning and the end.</summary>
public static class CheckEvents
{
    /// <param name="transitions">In order.</param>
    /// <param name="names">Of every task; those that nobody asks for any more have none, and are not told.</param>
    public static IReadOnlyList<NodeEvent> Of(
        IEnumerable<CheckTransition> transitions,
        ILookup<ProbeTask, string> names
    ) =>
        [
            .. from one in transitions
            where !(one.WasFlapping && one.IsFlapping)
            let name = names[one.Task].FirstOrDefault()
            where name is not null
            select new NodeEvent(
                EventKind.Check,
                new(SubjectKind.Check, name),
                one.WasFlapping ? "flapping" : Words.Of(one.From),
                one.IsFlapping ? "flapping" : Words.Of(one.To),
                one.Reason
            )
            {
                IsBad = one.IsFlapping || one.To == Verdict.Unhealthy,
            },
        ];
}
