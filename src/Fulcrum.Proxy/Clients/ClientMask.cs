using Fulcrum.Engine.Admission;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Clients;

/// <summary>Which clients count as one: those whose addresses agree in so many leading bits.</summary>
internal readonly record struct ClientMask(int IPv4, int IPv6)
{
    public UInt128 Of(in SocketAddress client)
    {
        var bits = client.ToBits();
        // An IPv4 address keeps what makes it one, so that no mask brings the families together.
        return bits.Leading(bits.IsIPv4 ? AddressBits.MappedLength + IPv4 : IPv6).Value;
    }
}
