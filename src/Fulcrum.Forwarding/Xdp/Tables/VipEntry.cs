using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <param name="Number">Of its ring and counters.</param>
/// <param name="Flags">What is special.</param>
/// <param name="Slots">
/// Of its ring. A ring that grows is set before this, and one that shrinks after: then no slot is asked for that is not
/// there.
/// </param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct VipEntry(uint Number, VipFlags Flags, uint Slots)
{
    public readonly uint Pad = 0;
}
