using System.Net;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Routing;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Plane;

/// <summary>What makes a listening socket the same one in the next generation.</summary>
/// <param name="Interface">The only one that anything comes in by; null: any.</param>
/// <param name="Reach">What is led to it, where that is more than its address; then it is bound elsewhere.</param>
internal readonly record struct BindingKey(
    SocketKind Kind,
    SocketAddress Address,
    string? Interface = null,
    Reach? Reach = null
)
{
    /// <summary>Whether the kernel holds each for the other's rival: something might come to both.</summary>
    public bool Overlaps(BindingKey other) =>
        Kind == other.Kind
        && Reach is null
        && other.Reach is null
        && (Interface is null || other.Interface is null || Interface == other.Interface)
        && (Address == other.Address || (Address.IsWildcard ? IsOn(other, Address) : IsOn(this, other.Address)));

    private static bool IsOn(BindingKey key, in SocketAddress wildcard) =>
        SocketAddress.Of(key.Address.Family, UInt128.Zero, key.Address.Port) == wildcard;

    /// <summary>What a listener of this plane binds: its path, or all its ports, on its address or on every address.</summary>
    public static IEnumerable<BindingKey> Of(Listener listener)
    {
        if (listener.Path is { } path)
        {
            var unix = listener.Protocol switch
            {
                ListenerProtocol.UnixDatagram => SocketKind.Datagram,
                ListenerProtocol.UnixSeqpacket => SocketKind.SequencedPacket,
                _ => SocketKind.Stream,
            };
            yield return new(unix, SocketAddress.Unix(path));
            yield break;
        }
        var kind = listener.Protocol == ListenerProtocol.Udp ? SocketKind.Datagram : SocketKind.Stream;
        if (listener.IsWide)
        {
            var reach = Routing.Reach.Of(listener);
            yield return new(kind, reach.First.WithPort((ushort)reach.FirstPort), null, reach);
            yield break;
        }
        IPAddress[] addresses = listener.Address is { } one ? [one] : [IPAddress.Any, IPAddress.IPv6Any];
        for (var port = listener.Ports.First; port <= listener.Ports.Last; port++)
        {
            foreach (var address in addresses)
            {
                yield return new BindingKey(kind, SocketAddress.From(address, port), listener.Interface);
            }
        }
    }
}
