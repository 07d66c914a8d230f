using System.Net;
using Fulcrum.Linux.Netlink.Addresses;

namespace Fulcrum.Forwarding.Interfaces;

/// <summary>Whether networks of interfaces hold an address.</summary>
internal static class Prefixes
{
    /// <summary>The address's own network has more than itself, and the other is in it.</summary>
    public static bool Holds(this InterfaceAddress address, IPAddress other)
    {
        var network = address.Peer ?? address.Address;
        return network.AddressFamily == other.AddressFamily
            && address.PrefixLength < network.GetAddressBytes().Length * 8
            && IsSame(network, other, address.PrefixLength);
    }

    private static bool IsSame(IPAddress one, IPAddress other, int length)
    {
        Span<byte> left = stackalloc byte[16];
        Span<byte> right = stackalloc byte[16];
        _ = one.TryWriteBytes(left, out _);
        _ = other.TryWriteBytes(right, out _);
        var whole = length / 8;
        var rest = length % 8;
        return left[..whole].SequenceEqual(right[..whole])
            && (rest == 0 || ((left[whole] ^ right[whole]) >> (8 - rest)) == 0);
    }
}
