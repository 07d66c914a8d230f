using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>Whether there are enough members, and which of them serve.</summary>
internal sealed record Election
{
    public required Verdict Verdict { get; init; }

    public required Reason Reason { get; init; }

    /// <summary>Priorities up to this one serve.</summary>
    public required int LastPriority { get; init; }

    /// <summary>Members that are not ready are left out.</summary>
    public required bool IsAnybodyReady { get; init; }

    /// <summary>Nobody is able, so everybody serves.</summary>
    public required bool FailsOpen { get; init; }

    /// <summary>As in <see cref="UpstreamMemory"/>.</summary>
    public required bool WasUp { get; init; }

    /// <inheritdoc cref="WasUp"/>
    public required bool Fell { get; init; }

    /// <inheritdoc cref="WasUp"/>
    public required Items<int> Sufficient { get; init; }
}
