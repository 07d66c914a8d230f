using System.Net;
using System.Net.Sockets;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Netlink;

/// <summary>Which family addresses are of, and how long they are.</summary>
internal static class AddressFamilies
{
    public const byte IPv4 = (byte)SocketFamily.IPv4;
    public const byte IPv6 = (byte)SocketFamily.IPv6;

    public static byte Number(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? IPv4 : IPv6;

    /// <summary>Bytes of an address; null: a family that has none of ours.</summary>
    public static int? LengthOf(byte family) =>
        family switch
        {
            IPv4 => 4,
            IPv6 => 16,
            _ => null,
        };

    /// <summary>Whether all that are there are of the family.</summary>
    public static bool Are(byte family, params ReadOnlySpan<IPAddress?> addresses)
    {
        foreach (var address in addresses)
        {
            if (address is not null && Number(address) != family)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// A prefix of so many bits, without the bits beyond it. Without an address it is the family's zero: that is how
    /// the kernel leaves out what means everything.
    /// </summary>
    public static bool TryMakePrefix(byte family, IPAddress? address, int bits, out IPNetwork prefix)
    {
        prefix = default;
        if (LengthOf(family) is not { } length || bits > length * 8 || !Are(family, address))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[length];
        _ = address?.TryWriteBytes(bytes, out _);
        for (var i = 0; i < length; i++)
        {
            var kept = Math.Clamp(bits - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - kept));
        }

        prefix = new(new IPAddress(bytes), bits);
        return true;
    }
}
