using Fulcrum.Configuration.Shapes;
using Fulcrum.Model;

namespace Fulcrum.Configuration.Language;

internal static class IpvsShape
{
    private static readonly Shape<IpvsSync> Sync = new ObjectShape<IpvsSync>(
        "ipvs-sync",
        "The kernel's synchronisation daemons: each node tells what connections it has and hears what the others have.",
        new IpvsSync { Interface = "" }
    )
        .Required(
            "interface",
            Scalars.InterfaceName,
            sync => sync.Interface,
            (sync, value) => sync with { Interface = value },
            "Where the messages go out and come in."
        )
        .Field(
            "id",
            Scalars.Integer(0, 255),
            sync => sync.Id,
            (sync, value) => sync with { Id = value },
            "Nodes of the same number hear each other."
        )
        .Field(
            "group",
            Networks.Address,
            sync => sync.Group,
            (sync, value) => sync with { Group = value },
            "The multicast address that the messages go to."
        )
        .Field("port", Scalars.Port, sync => sync.Port, (sync, value) => sync with { Port = value }, "Their UDP port.")
        .Field(
            "ttl",
            Scalars.Integer(1, 255),
            sync => sync.Ttl,
            (sync, value) => sync with { Ttl = value },
            "Routers that a message may pass."
        )
        .Or(Scalars.InterfaceName, name => new IpvsSync { Interface = name }, sync => sync.Interface);

    public static ObjectShape<IpvsSettings> Shape { get; } =
        new ObjectShape<IpvsSettings>(
            "ipvs",
            "What the kernel's own balancer is told as a whole, whatever services it carries.",
            IpvsSettings.Default
        )
            .Optional(
                "tcp-timeout",
                Quantities.WholeSeconds,
                ipvs => ipvs.TcpTimeout,
                (ipvs, value) => ipvs with { TcpTimeout = value },
                "A TCP connection without a packet for so long is forgotten; left out: as the kernel has it (15 min unless somebody changed it)."
            )
            .Optional(
                "tcp-fin-timeout",
                Quantities.WholeSeconds,
                ipvs => ipvs.TcpFinTimeout,
                (ipvs, value) => ipvs with { TcpFinTimeout = value },
                "The same after a FIN; left out: as the kernel has it (2 min)."
            )
            .Optional(
                "udp-timeout",
                Quantities.WholeSeconds,
                ipvs => ipvs.UdpTimeout,
                (ipvs, value) => ipvs with { UdpTimeout = value },
                "The same for datagrams; left out: as the kernel has it (5 min)."
            )
            .Field(
                "adopt",
                Scalars.Boolean,
                ipvs => ipvs.Adopt,
                (ipvs, value) => ipvs with { Adopt = value },
                "A service that stands in the kernel's table already, where one of these is to be, is taken over with its connections, whoever made it (ipvsadm, keepalived); false: it is left as it is, and the listener has an error."
            )
            .Field(
                "sync",
                Sync,
                ipvs => ipvs.Sync,
                (ipvs, value) => ipvs with { Sync = value },
                "Connections are told to the other nodes, and theirs are known here, so that they go on when an address moves."
            );
}
