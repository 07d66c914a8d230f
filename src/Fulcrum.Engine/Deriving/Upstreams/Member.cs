using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// One member while one decision is made. Each rule reads what those before it have found and adds its own, in the order
/// of the properties.
/// </summary>
internal sealed class Member(string id, Backend backend, IPAddress? address, Past? past)
{
    public string Id => id;

    public Backend Backend => backend;

    /// <summary>Null while its name has none.</summary>
    public IPAddress? Address => address;

    /// <summary>Null: it is new.</summary>
    public Past? Past => past;

    /// <summary>Since when no configuration has it; null: it is configured.</summary>
    public DateTimeOffset? RemovedSince { get; init; }

    public Position Position { get; set; }

    /// <summary>Why no traffic can get there, however well it is.</summary>
    public Reason? Hindrance { get; set; }

    public HeldNumber? Number { get; set; }

    public HeldNumber? ProbeMark { get; set; }

    public Items<ProbeTask> Probes { get; set; }

    public MemberHealth Health { get; set; }

    public EjectionMemory? Ejection { get; set; }

    public BackendDuty Duty { get; set; }

    /// <summary>Why it has this duty.</summary>
    public Reason Reason { get; set; } = null!;

    public DateTimeOffset? RecoveringSince { get; set; }

    /// <summary>What the plane is told; recovery and scores are in it.</summary>
    public int Weight { get; set; }

    /// <summary>When something about it changes without news.</summary>
    public DateTimeOffset? WakeAt { get; private set; }

    public bool IsReady => backend.State == BackendState.Ready;

    /// <summary>It is wanted, reachable, and not known to be unhealthy.</summary>
    public bool IsAble => Position.IsOn && Hindrance is null && Health.Verdict != Verdict.Unhealthy;

    public bool IsKnownHealthy => IsAble && Health.Verdict == Verdict.Healthy;

    /// <summary>It would get traffic if its priority did.</summary>
    public bool CanServe => IsAble && Position.Weight > 0 && Health.Score != 0;

    /// <summary>It would get traffic if nobody minded its health.</summary>
    public bool CouldServe => Position.IsOn && Hindrance is null && Position.Weight > 0;

    /// <summary>
    /// The marks look at it: also while it is off, as capacity that is missing, but not on its way out, and not beside
    /// others that are ready while it is not.
    /// </summary>
    public bool Counts(bool isAnybodyReady) =>
        RemovedSince is null && backend.State != BackendState.Terminating && (IsReady || !isAnybodyReady);

    public void Wake(DateTimeOffset? at)
    {
        if (WakeAt is null || at < WakeAt)
        {
            WakeAt = at ?? WakeAt;
        }
    }
}

/// <summary>What was decided about a member before.</summary>
internal sealed record Past(MemberMemory Memory, PlaneBackend Plane, BackendFact Fact);
