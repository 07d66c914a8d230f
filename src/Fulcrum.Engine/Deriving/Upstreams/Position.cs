using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>Where configuration, source and operators have put a member.</summary>
internal readonly record struct Position
{
    /// <summary>Why it is off; null: it is on.</summary>
    public Reason? Off { get; init; }

    /// <summary>As configured or overridden.</summary>
    public required int Weight { get; init; }

    /// <summary>The operator's word on the weight; null: the configured one holds.</summary>
    public Override? WeightBy { get; init; }

    /// <summary>While it is off: since when.</summary>
    public DateTimeOffset? DrainingSince { get; init; }

    /// <summary>While it is off: what is established ends then.</summary>
    public DateTimeOffset? DrainUntil { get; init; }

    public bool IsOn => Off is null;

    /// <summary>What is established does not finish, but ends.</summary>
    public bool IsCut { get; init; }
}
