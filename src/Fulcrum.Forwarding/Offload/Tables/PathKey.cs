using System.Runtime.InteropServices;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Forwarding.Offload.Tables;

/// <summary>Who sends datagrams to whom.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PathKey(
    TableAddress Source,
    TableAddress Destination,
    TablePort SourcePort,
    TablePort DestinationPort
)
{
    public readonly uint Pad = 0;

    public static PathKey Of(in SocketAddress source, in SocketAddress destination) =>
        new(AddressOf(source), AddressOf(destination), TablePort.Of(source.Port), TablePort.Of(destination.Port));

    private static TableAddress AddressOf(in SocketAddress address)
    {
        var bits = address.Family == SocketFamily.IPv4 ? address.Bits | ((UInt128)0xffff << 32) : address.Bits;
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return MemoryMarshal.Read<TableAddress>(bytes);
    }
}
