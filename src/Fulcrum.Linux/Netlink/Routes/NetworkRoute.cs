using System.Net;
using System.Net.Sockets;

namespace Fulcrum.Linux.Netlink.Routes;

/// <summary>A route of the kernel's.</summary>
public sealed record NetworkRoute
{
    private readonly NetworkScope? _scope;

    /// <summary>Also tells the family.</summary>
    public required IPNetwork Destination { get; init; }

    /// <summary>IPv6: only for packets from there.</summary>
    public IPNetwork? From { get; init; }

    public uint Table { get; init; } = RouteTable.Main;

    public byte Protocol { get; init; } = RouteProtocol.Static;

    public RouteType Type { get; init; } = RouteType.Unicast;

    /// <summary>Unless said otherwise, what its type and gateway imply.</summary>
    public NetworkScope Scope
    {
        get => _scope ?? UsualScope();
        init => _scope = value;
    }

    /// <summary>The smallest wins among routes to one destination. The kernel makes 1024 of 0 for IPv6.</summary>
    public uint Priority { get; init; }

    /// <summary>The address of ours that packets start from unless they have one.</summary>
    public IPAddress? PreferredSource { get; init; }

    /// <summary>Where to; none for types that go nowhere.</summary>
    public IReadOnlyList<NextHop> NextHops { get; init; } = [];

    public bool Equals(NetworkRoute? other) =>
        other is not null
        && (Destination, From, Table, Protocol) == (other.Destination, other.From, other.Table, other.Protocol)
        && (Type, Scope, Priority) == (other.Type, other.Scope, other.Priority)
        && Equals(PreferredSource, other.PreferredSource)
        && NextHops.SequenceEqual(other.NextHops);

    public override int GetHashCode() => HashCode.Combine(Destination, From, Table, Protocol, Type, Priority);

    public override string ToString() => $"{Destination} in table {Table}";

    // As ip-route(8) chooses; IPv6 has no scopes of routes.
    private NetworkScope UsualScope() =>
        (Destination.BaseAddress.AddressFamily, Type) switch
        {
            (AddressFamily.InterNetworkV6, _) => NetworkScope.Universe,
            (_, RouteType.Local) => NetworkScope.Host,
            (_, RouteType.Broadcast or RouteType.Multicast or RouteType.Anycast) => NetworkScope.Link,
            (_, RouteType.Unicast) when NextHops.All(hop => hop.Gateway is null) => NetworkScope.Link,
            _ => NetworkScope.Universe,
        };
}
