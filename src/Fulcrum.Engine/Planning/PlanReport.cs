using Fulcrum.Engine.Deriving;
using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Planning;

/// <summary>stand-in</summary>
public sealed record PlanReport(Items<Change> Changes)
{
    public static PlanReport Of(DerivedState running, Snapshot next, DateTimeOffset now)
    {
        var s = SnapshotSettling.Settle(running.Inputs.Snapshot, next);
        _ = Deriver.Derive(running.Inputs with { Snapshot = s }, running, now);
        return new(SnapshotDiff.Between(running.Inputs.Snapshot, s).Changes);
    }

    public string ToText() => string.Join('\n', Changes);
}
