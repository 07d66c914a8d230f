using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>What was decided about one service.</summary>
public sealed record DerivedService
{
    public required Service Service { get; init; }

    /// <summary>What carries it; null: none does (forwarding none, disabled, or no plane can).</summary>
    public required PlaneKind? Carrier { get; init; }

    /// <summary>What its plane is told; null without one.</summary>
    public required PlaneService? Plane { get; init; }

    /// <summary>How its listeners see what they lead to.</summary>
    internal ServiceViews Views { get; init; } = ServiceViews.None;

    /// <summary>
    /// The worst of its listeners, each of which is as the best of what it leads to; unhealthy when it is not carried.
    /// </summary>
    public required Verdict Verdict { get; init; }

    public required Reason Reason { get; init; }

    /// <summary>It is no longer wanted, and stays only until its addresses are withdrawn.</summary>
    public bool Leaving { get; init; }

    /// <summary>When it may change without news.</summary>
    internal DateTimeOffset? WakeAt { get; init; }
}
