using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;

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
        from check in seen.Sight.View.Policy.Checks
        let task = seen.Probes.FirstOrDefault(task => IsFor(task, check))
        let health = task is null ? null : state.Inputs.Health[task]
        select new Asked(seen.Sight, check, task, health ?? CheckHealth.Unknown);

    private static bool IsFor(ProbeTask task, Check check) =>
        task.Probe == check.Probe
        && (check.Port is null || check.Port == task.Port)
        && Equals(task.Source, check.Source)
        && (task.Mark is not null) == (check.Via == CheckVia.Forwarding);
}
