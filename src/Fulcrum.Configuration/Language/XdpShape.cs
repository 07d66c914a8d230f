using Fulcrum.Configuration.Shapes;
using Fulcrum.Model;

namespace Fulcrum.Configuration.Language;

internal static class XdpShape
{
    public static ObjectShape<XdpSettings> Shape { get; } =
        new ObjectShape<XdpSettings>(
            "xdp",
            "What planes xdp (in the driver) and tc (in traffic control) are told as a whole, whatever services they carry.",
            XdpSettings.Default
        )
            .Field(
                "interfaces",
                Scalars.InterfaceName.List(),
                xdp => xdp.Interfaces,
                (xdp, value) => xdp with { Interfaces = value },
                "Where frames of clients, and answers of backends, come in; without any these planes are not used."
            )
            .Field(
                "generic",
                Scalars.Boolean,
                xdp => xdp.Generic,
                (xdp, value) => xdp with { Generic = value },
                "Plane xdp may be run by the kernel where the driver cannot run it: that is slow, and bulk breaks down where packets are merged (GRO). Without it such an interface is plane tc's."
            )
            .Field(
                "hash-seed",
                Scalars.Count,
                xdp => xdp.HashSeed,
                (xdp, value) => xdp with { HashSeed = value },
                "The same on all nodes of a group: then any of them picks the same backend. Another number than clients know keeps them from choosing theirs."
            )
            .Field(
                "connections",
                Scalars.Integer(1024, 1 << 26),
                xdp => xdp.Connections,
                (xdp, value) => xdp with { Connections = value },
                "Connections that are known at once (124 bytes each), and of NAT as many again (320 more); past it the longest silent ones make room. With another number those that are known now are forgotten: they are chosen for anew, and those of NAT break."
            )
            .Optional(
                "tcp-idle",
                Quantities.PositiveDuration,
                xdp => xdp.TcpIdle,
                (xdp, value) => xdp with { TcpIdle = value },
                "A TCP connection without a packet for so long is chosen for anew; left out: never, but it may have to make room."
            )
            .Field(
                "udp-idle",
                Quantities.PositiveDuration,
                xdp => xdp.UdpIdle,
                (xdp, value) => xdp with { UdpIdle = value },
                "The same of datagrams."
            )
            .Field(
                "fragments",
                Words.Of<OddPackets>(),
                xdp => xdp.Fragments,
                (xdp, value) => xdp with { Fragments = value },
                "Fragments to a vip: dropped, or passed to the kernel of this node."
            )
            .Field(
                "options",
                Words.Of<OddPackets>(),
                xdp => xdp.Options,
                (xdp, value) => xdp with { Options = value },
                "The same of packets with IPv4 options or IPv6 extension headers."
            )
            .Field(
                "when-gone",
                Words.Of<WhenGone>(),
                xdp => xdp.WhenGone,
                (xdp, value) => xdp with { WhenGone = value },
                "When the daemon was killed, and for 10 s nobody has looked after the tables: traffic goes on by them as they are (keep), or the kernel gets all of it (withdraw)."
            );
}
