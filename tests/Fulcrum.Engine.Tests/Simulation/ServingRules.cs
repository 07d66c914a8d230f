using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit.Simulation;

namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>Nobody gets traffic who is ill, disabled or drained, unless a service fails open.</summary>
internal sealed class ServingRules(SimulatedNode node)
{
    /// <summary>How many served, and how many did not.</summary>
    public (int Serve, int Spared) Seen { get; private set; }

    public void Check()
    {
        foreach (var plane in node.Planes)
        {
            if (Status(plane.Offer.Kind) == ObjectCondition.Standing)
            {
                // A service on its way out stays as it was until its addresses are gone.
                foreach (var service in plane.Table.Services.Values.Where(service => !IsLeaving(service)))
                {
                    Check(node.Engine.State.Inputs, service);
                }
            }
        }
    }

    private bool IsLeaving(PlaneService service) => node.Engine.State.Services[service.Name] is not { Leaving: false };

    private ObjectCondition Status(PlaneKind kind)
    {
        var name = kind.ToString().ToLowerInvariant();
        return node.Engine.Status.First(status => status.Kind == "plane" && status.Key == name).Condition;
    }

    public void Check(EngineInputs inputs, PlaneService service)
    {
        foreach (var listener in service.Listeners)
        {
            var upstream = inputs.Snapshot.Upstreams.Find(listener.Upstream.Name);
            foreach (var backend in listener.Upstream.Backends)
            {
                if (backend.Duty != BackendDuty.Serve)
                {
                    Seen = Seen with { Spared = Seen.Spared + 1 };
                    continue;
                }

                Seen = Seen with { Serve = Seen.Serve + 1 };
                var configured = upstream?.Backends.FirstOrDefault(member => member.Id == backend.Id);
                var decision = DecisionOn(inputs, listener.Upstream.Name, backend);
                var off =
                    decision?.Action is OverrideAction.Disable or OverrideAction.Drain ? "taken out"
                    : configured is null ? "not configured"
                    : configured.Status != BackendStatus.Enabled && decision is null ? "disabled"
                    : configured.State == BackendState.Terminating && decision is null ? "terminating"
                    : IsIll(inputs, service, listener, backend) ? "ill"
                    : null;
                Rule.Holds(
                    off is null,
                    $"{service.Name} leads to {listener.Upstream.Name}/{backend.Id}, which is {off}"
                );
            }
        }
    }

    private Override? DecisionOn(EngineInputs inputs, string upstream, PlaneBackend backend) =>
        new OverrideTarget[]
        {
            new(OverrideTargetKind.Backend, $"{upstream}/{backend.Id}"),
            new(OverrideTargetKind.Host, $"{backend.Address}"),
            new(OverrideTargetKind.Upstream, upstream),
        }
            .Select(target => inputs.Overrides[target])
            .FirstOrDefault(decision =>
                decision is { Action: not OverrideAction.Weight } && !(decision.Expires <= node.Time.GetUtcNow())
            );

    private static bool IsIll(EngineInputs inputs, PlaneService service, PlaneListener listener, PlaneBackend backend)
    {
        var policy = PolicyOf(inputs.Snapshot, service, listener);
        var upstream = inputs.Snapshot.Upstreams.Find(listener.Upstream.Name);
        var name = upstream?.Backends.FirstOrDefault(member => member.Id == backend.Id)?.Address.Name;
        return policy.Healthy is not { WhenNone: WhenNone.All }
            && inputs.Health.Any(found =>
                found.Value.Verdict == Verdict.Unhealthy
                && found.Key.Address.Equals(backend.Address)
                && found.Key.Name == name
                && found.Key.Mark is null
                && (found.Key.Samples > 0) == (upstream?.Recovery is { Mode: RecoveryMode.History })
                && policy.Checks.Any(check =>
                    check.Via == Model.Checks.CheckVia.Direct
                    && check.Probe.Equals(found.Key.Probe)
                    && (check.Port ?? backend.Port ?? listener.Listener.Ports.First) == found.Key.Port
                )
            );
    }

    // As the snapshot has it now; a service on its way out may be there no more.
    private static Policy PolicyOf(Snapshot snapshot, PlaneService service, PlaneListener listener) =>
        listener
            .Listener.Policy.Over(snapshot.Services.Find(service.Name)?.Policy ?? Policy.Unset)
            .Over(snapshot.Upstreams.Find(listener.Upstream.Name)?.Policy ?? Policy.Unset);
}
