using System.Net;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Sockets;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Forwarding.Offload;

/// <summary>Which addresses are this machine's, by the kernel's table of them. Immutable.</summary>
internal sealed class LocalAddresses
{
    private readonly (SocketFamily Family, UInt128 Bits, UInt128 Mask)[] _networks;

    private LocalAddresses((SocketFamily, UInt128, UInt128)[] networks) => _networks = networks;

    public static LocalAddresses None { get; } = new([]);

    public static LocalAddresses Of(IEnumerable<NetworkRoute> routes) =>
        new([.. routes.Where(route => route.Type == RouteType.Local).Select(route => NetworkOf(route.Destination))]);

    public bool Contains(in SocketAddress address)
    {
        foreach (var (family, bits, mask) in _networks)
        {
            if (family == address.Family && (address.Bits & mask) == bits)
            {
                return true;
            }
        }

        return false;
    }

    public bool IsSameAs(LocalAddresses other) => _networks.AsSpan().SequenceEqual(other._networks);

    private static (SocketFamily, UInt128, UInt128) NetworkOf(IPNetwork network)
    {
        var address = SocketAddress.From(network.BaseAddress, 0);
        var width = address.Family == SocketFamily.IPv4 ? 32 : 128;
        var mask = network.PrefixLength == 0 ? UInt128.Zero : UInt128.MaxValue << (width - network.PrefixLength);
        mask &= width == 32 ? uint.MaxValue : UInt128.MaxValue;
        return (address.Family, address.Bits & mask, mask);
    }
}
