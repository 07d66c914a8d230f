using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

/// <summary>One check of one backend as the prober has it, and what it has found.</summary>
/// <param name="Sight">For whom it is asked.</param>
/// <param name="Check">As it is configured.</param>
/// <param name="Task">Null: it cannot be asked, for want of an address or a port.</param>
/// <param name="Health">What is known.</param>
internal sealed record Asked(Sight Sight, Check Check, ProbeTask? Task, CheckHealth Health)
{
    public static IEnumerable<Asked> Of(DerivedState state, Membership member) =>
        from seen in member.Seen
        from pair in Pair(seen.Sight.View.Policy.Checks, seen.Probes)
        let health = pair.Task is null ? null : state.Inputs.Health[pair.Task]
        select new Asked(seen.Sight, pair.Check, pair.Task, health ?? CheckHealth.Unknown);

    /// <summary>
    /// The checks of a policy, and what a backend is asked for each. Tasks were made in the order of the checks; those
    /// that cannot be asked have none.
    /// </summary>
    public static IReadOnlyList<(Check Check, ProbeTask? Task)> Pair(Items<Check> checks, Items<ProbeTask> tasks)
    {
        var pairs = new (Check, ProbeTask?)[checks.Count];
        var next = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            var isAsked = next < tasks.Count && IsFor(tasks[next], checks[i]);
            pairs[i] = (checks[i], isAsked ? tasks[next++] : null);
        }

        return pairs;
    }

    // The port tells nothing where none is asked, or where the listener's is.
    private static bool IsFor(ProbeTask task, Check check) =>
        task.Probe == check.Probe
        && (check.Port is null || task.Port == 0 || task.Mark is not null || check.Port == task.Port)
        && Equals(task.Source, check.Source)
        && (task.Mark is not null) == (check.Via == CheckVia.Forwarding);
}
