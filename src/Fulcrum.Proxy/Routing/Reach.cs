using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;

namespace Fulcrum.Proxy.Routing;

/// <summary>All that a wide listener has: the addresses of a prefix, and of each the ports from one to another.</summary>
internal readonly record struct Reach(SocketAddress First, int PrefixLength, int FirstPort, int LastPort)
{
    private int Width => First.Family == SocketFamily.IPv4 ? 32 : 128;

    public static Reach Of(Listener listener)
    {
        var first = SocketAddress.From(listener.Address!, 0);
        return new(
            first,
            listener.PrefixLength ?? (first.Family == SocketFamily.IPv4 ? 32 : 128),
            listener.Ports.First,
            listener.Ports.Last
        );
    }

    public bool Contains(in SocketAddress address) =>
        address.Family == First.Family
        && address.Port >= FirstPort
        && address.Port <= LastPort
        && Shared(address.Bits ^ First.Bits) >= PrefixLength;

    // How many of the first bits are the same, by what differs.
    private int Shared(UInt128 difference) =>
        difference == UInt128.Zero ? Width : (int)UInt128.LeadingZeroCount(difference) - (128 - Width);
}
