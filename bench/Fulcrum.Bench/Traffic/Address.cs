using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Fulcrum.Bench.Traffic;

/// <summary>struct sockaddr_in.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Address
{
    private readonly ushort _family;
    private readonly ushort _port;
    private readonly uint _address;
    private readonly ulong _padding;

    /// <param name="address">In host order.</param>
    /// <param name="port">In host order.</param>
    public Address(uint address, ushort port)
    {
        _family = Native.Inet;
        _port = BinaryPrimitives.ReverseEndianness(port);
        _address = BinaryPrimitives.ReverseEndianness(address);
        _padding = 0;
    }

    /// <summary>In host order.</summary>
    public uint Host => BinaryPrimitives.ReverseEndianness(_address);

    /// <summary>In host order.</summary>
    public ushort Port => BinaryPrimitives.ReverseEndianness(_port);

    /// <summary>An IPv4 address as the constructor wants it.</summary>
    public static uint HostOf(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    public uint NetworkOrder => _address;

    public bool IsSameAs(in Address other) => _address == other._address && _port == other._port;
}
