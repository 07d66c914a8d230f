using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Reconciling;

/// <summary>How far one plane has come.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Prepared">Generation of the last table that it was ready for.</param>
/// <param name="Committed">Generation of the table that it works by.</param>
/// <param name="Refusals">Tables that it refused, since the start.</param>
/// <param name="Writes">How often something outside of this process was changed for it, since the start.</param>
public sealed record PlaneStatus(PlaneKind Kind, long Prepared, long Committed, long Refusals, long Writes)
{
    /// <summary>What became of packets, of a plane that sees each and counts why.</summary>
    public Items<PacketOutcome> Packets { get; init; }
}
