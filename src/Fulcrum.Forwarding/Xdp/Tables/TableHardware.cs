using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>A hardware address as the program has it; all zero: not known.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TableHardware(ushort First, ushort Second, ushort Third)
{
    public static TableHardware Of(PhysicalAddress address) =>
        MemoryMarshal.Read<TableHardware>(address.GetAddressBytes());
}
