using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Offload.Tables;

/// <summary>What the datagrams of a path become.</summary>
/// <param name="To">Those of another.</param>
/// <param name="Tally">The number of its <see cref="TallyEntry"/>.</param>
/// <param name="Flags">What is to be known of where it leads.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TurnEntry(PathKey To, uint Tally, TurnFlags Flags);
