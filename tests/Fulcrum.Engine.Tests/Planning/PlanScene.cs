using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Planning;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Planning;

/// <summary>A node whose adapters have done all that it decided.</summary>
internal static class PlanScene
{
    public static DateTimeOffset Now { get; } = DateTimeOffset.UnixEpoch;

    public static DerivedState Running(Snapshot snapshot, params Items<PlaneOffer> planes)
    {
        var inputs = EngineInputs.Nothing with { Node = "lb1", Snapshot = snapshot };
        inputs = planes.IsEmpty ? inputs : inputs with { Planes = planes };
        var state = DerivedState.Initial;
        for (var round = 0; round < 8; round++)
        {
            state = Deriver.Derive(inputs, state, Now).Next;
            inputs = inputs with
            {
                Observed = new()
                {
                    Planes = state.Desired.Planes,
                    Addresses = state.Desired.Addresses,
                    Announcements = state.Desired.Announcements,
                },
            };
        }

        return state;
    }

    public static PlanReport Plan(DerivedState running, Snapshot next) => PlanReport.Of(running, next, Now);

    public static string Text(Snapshot before, Snapshot after) => Plan(Running(before), after).ToText();

    public static PlaneOffer Kernel { get; } = PlaneOffer.Ipvs with { Forwardings = [Forwarding.Nat, Forwarding.Dsr] };
}
