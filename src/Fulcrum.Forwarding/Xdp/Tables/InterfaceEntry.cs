using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>The hardware address that frames of an interface must have to be ours.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct InterfaceEntry(uint Index, TableHardware Hardware)
{
    public readonly ushort Pad = 0;
}
