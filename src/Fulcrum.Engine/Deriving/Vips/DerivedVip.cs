using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Deriving.Vips;

public enum VipState
{
    /// <summary>Not wanted here, and not there.</summary>
    Down,

    /// <summary>Wanted; the adapter has not said yet that it stands.</summary>
    Raising,
    Up,

    /// <summary>No longer wanted; its announcements go first, then it lingers, then it goes.</summary>
    Withdrawing,
}

/// <summary>What was decided about one vip on this node.</summary>
public sealed record DerivedVip
{
    public required Vip Vip { get; init; }

    public required VipState State { get; init; }

    public required Role Role { get; init; }

    /// <summary>Names of the services on it, in order.</summary>
    public required Items<string> Services { get; init; }

    public required Reason Reason { get; init; }
}
