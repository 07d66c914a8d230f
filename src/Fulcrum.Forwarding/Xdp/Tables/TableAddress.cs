using System.Net;
using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>
/// An address as the program has it: 16 bytes as on the wire, those of IPv4 mapped. Its words are for comparing only.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TableAddress(uint First, uint Second, uint Third, uint Fourth)
{
    public static TableAddress Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return MemoryMarshal.Read<TableAddress>(bytes);
    }

    public IPAddress ToAddress()
    {
        var self = this;
        var address = new IPAddress(MemoryMarshal.AsBytes(new ReadOnlySpan<TableAddress>(in self)));
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
