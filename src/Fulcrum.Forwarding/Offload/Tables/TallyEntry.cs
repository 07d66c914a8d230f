using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Offload.Tables;

/// <summary>What the kernel carried of one path. The program writes it at any time.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TallyEntry
{
    public ulong Datagrams;
    public ulong Bytes;

    /// <summary>CLOCK_MONOTONIC of the last one, in nanoseconds.</summary>
    public ulong Seen;
    private readonly ulong _pad;
}
