using System.Net;
using System.Net.NetworkInformation;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Neighbors;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Netlink.Rules;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Tests.Netlink;

/// <summary>Objects of every kind with all that they can have, in any combination.</summary>
internal sealed class RandomObjects(Random random)
{
    public InterfaceAddress Address()
    {
        var isIPv6 = Coin();
        var valid = Perhaps(() => TimeSpan.FromSeconds(random.Next(1, int.MaxValue)));
        return new()
        {
            Interface = random.Next(),
            Address = IP(isIPv6),
            PrefixLength = random.Next(isIPv6 ? 129 : 33),
            Peer = Coin() ? IP(isIPv6) : null,
            Scope = (NetworkScope)random.Next(256),
            Flags = (InterfaceAddressFlags)random.Next(),
            Label = Coin() ? Name() : null,
            ValidFor = valid,
            PreferredFor = valid is null
                ? Perhaps(() => TimeSpan.FromSeconds(random.Next()))
                : TimeSpan.FromSeconds(random.Next()),
            RoutePriority = (uint)random.Next(),
            Protocol = (byte)random.Next(256),
        };
    }

    public NetworkLink Link() =>
        new()
        {
            Index = random.Next(),
            Name = Name(),
            AlternativeNames = Several(Name),
            Kind = random.Next(8) switch
            {
                0 => null,
                1 => new DummyKind(),
                2 => new BridgeKind(),
                3 => new VethKind(),
                4 => new VethKind(Name()),
                5 => new VlanKind((ushort)random.Next(4096), Coin()),
                6 => new MacvlanKind((MacvlanMode)(1 << random.Next(5))),
                _ => new OtherKind("other" + Name()),
            },
            Flags = (LinkFlags)random.Next(),
            Mtu = (uint)random.Next(),
            Parent = random.Next(2) * random.Next(),
            Master = random.Next(2) * random.Next(),
            Group = (uint)random.Next(),
            HardwareAddress = Coin() ? Hardware() : null,
            State = (LinkState)random.Next(7),
        };

    public NetworkRoute Route()
    {
        var isIPv6 = Coin();
        var hops = Several(() => Hop(isIPv6));
        return new()
        {
            Destination = Prefix(isIPv6),
            From = Perhaps(() => Prefix(isIPv6)),
            Table = (uint)random.Next(),
            Protocol = (byte)random.Next(256),
            Type = (RouteType)random.Next(12),
            Scope = (NetworkScope)random.Next(256),
            Priority = (uint)random.Next(),
            PreferredSource = Coin() ? IP(isIPv6) : null,
            // A single one stands among the route's attributes: it has no weight, and an interface.
            NextHops = hops is [var only] ? [only with { Weight = 1 }] : hops,
        };
    }

    public RoutingRule Rule()
    {
        var isIPv6 = Coin();
        var mark = Perhaps(() => (uint)random.Next());
        return new()
        {
            Family = isIPv6 ? SocketFamily.IPv6 : SocketFamily.IPv4,
            Priority = (uint)random.Next(),
            From = Coin() ? Prefix(isIPv6, 1) : null,
            To = Coin() ? Prefix(isIPv6, 1) : null,
            Mark = mark,
            MarkMask = mark is null ? uint.MaxValue : (uint)random.Next(),
            IncomingInterface = Coin() ? Name() : null,
            OutgoingInterface = Coin() ? Name() : null,
            IsInverted = Coin(),
            Action = (RuleAction)random.Next(9),
            Table = (uint)random.Next(),
            SuppressedPrefixLength = Perhaps(() => random.Next(129)),
            Protocol = (byte)random.Next(256),
        };
    }

    public Neighbor Neighbor() =>
        new()
        {
            Interface = random.Next(),
            Address = IP(Coin()),
            HardwareAddress = Coin() ? Hardware() : null,
            State = (NeighborState)random.Next(256),
            Flags = (NeighborFlags)random.Next(256),
            Protocol = (byte)random.Next(256),
        };

    private NextHop Hop(bool isIPv6) =>
        new()
        {
            Interface = random.Next(1, int.MaxValue),
            Gateway = Coin() ? IP(isIPv6 || Coin()) : null,
            IsOnLink = Coin(),
            Weight = random.Next(1, 257),
        };

    private IPNetwork Prefix(bool isIPv6, int least = 0)
    {
        var bits = random.Next(least, isIPv6 ? 129 : 33);
        Assert.True(
            AddressFamilies.TryMakePrefix(
                isIPv6 ? AddressFamilies.IPv6 : AddressFamilies.IPv4,
                IP(isIPv6),
                bits,
                out var prefix
            )
        );
        return prefix;
    }

    private IPAddress IP(bool isIPv6) => new(Bytes(isIPv6 ? 16 : 4));

    private PhysicalAddress Hardware() => new(Bytes(6));

    private string Name() =>
        string.Concat(Enumerable.Range(0, random.Next(1, 16)).Select(_ => (char)random.Next('!', 0x17f)));

    private List<T> Several<T>(Func<T> make) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => make())];

    private T? Perhaps<T>(Func<T> make)
        where T : struct => Coin() ? make() : null;

    private bool Coin() => random.Next(2) == 0;

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
