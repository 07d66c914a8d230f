using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Peers;

namespace Fulcrum.Configuration.Language;

internal static class PeerShape
{
    // RFC 5880 counts in microseconds, in 32 bits; what is slower than this is not liveness any more.
    private static readonly ScalarShape<TimeSpan> BfdInterval = Quantities.DurationFrom(
        TimeSpan.FromMilliseconds(1),
        TimeSpan.FromMinutes(1)
    );

    private static readonly ObjectShape<BfdSession> Bfd = new ObjectShape<BfdSession>(
        "bfd",
        "Liveness in milliseconds (RFC 5880).",
        new BfdSession()
    )
        .Field(
            "receive",
            BfdInterval,
            bfd => bfd.Receive,
            (bfd, value) => bfd with { Receive = value },
            "The fastest that we take."
        )
        .Field(
            "transmit",
            BfdInterval,
            bfd => bfd.Transmit,
            (bfd, value) => bfd with { Transmit = value },
            "The fastest that we send."
        )
        .Field(
            "multiplier",
            Scalars.Integer(1, 255),
            bfd => bfd.Multiplier,
            (bfd, value) => bfd with { Multiplier = value },
            "Packets missed in a row that mean it is gone."
        );

    private static readonly Shape<BgpPeer> Bgp = new ObjectShape<BgpPeer>(
        "bgp-peer",
        "A BGP speaker (RFC 4271).",
        new BgpPeer
        {
            Address = null!,
            As = 0,
            LocalAs = 0,
        }
    ).Required("address", Networks.Address, bgp => bgp.Address, (bgp, value) => bgp with { Address = value }, "Its address.").Field("interface", Scalars.InterfaceName, bgp => bgp.Interface, (bgp, value) => bgp with { Interface = value }, "The interface of a link-local address.").Field("port", Scalars.Port, bgp => bgp.Port, (bgp, value) => bgp with { Port = value }, "Its port.").Required("as", Scalars.Unsigned(1), bgp => bgp.As, (bgp, value) => bgp with { As = value }, "Its AS number.").Required("local-as", Scalars.Unsigned(1), bgp => bgp.LocalAs, (bgp, value) => bgp with { LocalAs = value }, "Our AS number.").Field("source", Networks.Address, bgp => bgp.Source, (bgp, value) => bgp with { Source = value }, "The address that we speak from.").Field("hold-time", Quantities.DurationFrom(TimeSpan.Zero, TimeSpan.FromSeconds(65535)), bgp => bgp.HoldTime, (bgp, value) => bgp with { HoldTime = value }, "Silence for so long ends the session; 0: never.").Optional("keepalive", Quantities.DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(65535)), bgp => bgp.Keepalive, (bgp, value) => bgp with { Keepalive = value }, "Between two signs of life; left out: a third of the hold time.").Field("connect-retry", Quantities.PositiveDuration, bgp => bgp.ConnectRetry, (bgp, value) => bgp with { ConnectRetry = value }, "Between two attempts to connect.").Field("password", SecretShape.Shape, bgp => bgp.Password, (bgp, value) => bgp with { Password = value }, "TCP MD5 (RFC 2385).").Field("router-id", Networks.Address, bgp => bgp.RouterId, (bgp, value) => bgp with { RouterId = value }, "Our identifier, written like an IPv4 address.").Field("multi-hop", Scalars.Integer(1, 255), bgp => bgp.MultiHop, (bgp, value) => bgp with { MultiHop = value }, "Hops that the peer may be away; 1 is directly connected.").Field("graceful-restart", Scalars.Boolean, bgp => bgp.GracefulRestart, (bgp, value) => bgp with { GracefulRestart = value }, "Routes outlive a restart (RFC 4724).").Field("passive", Scalars.Boolean, bgp => bgp.Passive, (bgp, value) => bgp with { Passive = value }, "We wait for it to connect.").Field("bfd", Bfd.OrSwitch(), bgp => bgp.Bfd, (bgp, value) => bgp with { Bfd = value }, "Watched by BFD.");

    public static Shape<Peer> Shape { get; } =
        new ObjectShape<Peer>("peer", "The other end of a routing conversation.", new Peer { Name = "", Bgp = null! })
            .Required("bgp", Bgp, peer => peer.Bgp, (peer, value) => peer with { Bgp = value }, "It speaks BGP.")
            .Field(
                "nodes",
                SelectorShape.Shape,
                peer => peer.Nodes,
                (peer, value) => peer with { Nodes = value },
                "Labels of the nodes that talk to it; left out: all."
            )
            .Field(
                "labels",
                Maps.Labels,
                peer => peer.Labels,
                (peer, value) => peer with { Labels = value },
                "Keys and values of your own."
            );
}
