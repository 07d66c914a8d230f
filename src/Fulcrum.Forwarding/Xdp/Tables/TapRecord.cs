using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>What stands before the bytes of a packet that the program gives.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TapRecord(
    ulong Time,
    Reason Reason,
    uint Interface,
    uint Length,
    uint Kept,
    TapDirections Direction,
    uint Pad
);
