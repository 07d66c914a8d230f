using System.Net;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Ipvs;

/// <summary>Addresses as the kernel gives them: always of sixteen bytes, of which IPv4 uses the first four.</summary>
internal static class IpvsAddresses
{
    public static SocketFamily FamilyOf(IPAddress address) => (SocketFamily)AddressFamilies.Number(address);

    /// <summary>Null: it is not of this family.</summary>
    public static IPAddress? Read(ReadOnlySpan<byte> bytes, SocketFamily family) =>
        AddressFamilies.LengthOf((byte)family) is { } length && bytes.Length >= length ? new(bytes[..length]) : null;
}
