using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Nodes;

namespace Fulcrum.Configuration.Language;

internal static class NodeShapes
{
    public static Shape<Node> Node { get; } =
        new ObjectShape<Node>(
            "node",
            "One running Fulcrum: what differs between the nodes that share a file.",
            new Node { Name = "" }
        )
            .Field(
                "address",
                Networks.Address.List(),
                node => node.Addresses,
                (node, value) => node with { Addresses = value },
                "Its own addresses, at most one of each family."
            )
            .Optional(
                "threads",
                Scalars.Integer(1, 1024),
                node => node.Threads,
                (node, value) => node with { Threads = value },
                "Loops of the proxy plane; left out: one for each core."
            )
            .Field(
                "handshakes",
                Scalars.Integer(1, 1_000_000),
                node => node.Handshakes,
                (node, value) => node with { Handshakes = value },
                "TLS handshakes with clients that may be under way at once; one that has waited for its client for a second makes room for another."
            )
            .Field(
                "offload",
                Scalars.InterfaceName.List(),
                node => node.Offload,
                (node, value) => node with { Offload = value },
                "Interfaces where the kernel passes datagrams on in the place of the proxy plane (Linux 6.6); left out: nowhere."
            )
            .Field(
                "labels",
                Maps.Labels,
                node => node.Labels,
                (node, value) => node with { Labels = value },
                "Keys and values of your own."
            )
            .Field(
                "enabled",
                Scalars.Boolean,
                node => node.Enabled,
                (node, value) => node with { Enabled = value },
                "A disabled node takes no part."
            )
            .Optional(
                "priority",
                Scalars.Count,
                node => node.Priority,
                (node, value) => node with { Priority = value },
                "The highest is preferred for the active role; left out: by the order written."
            );

    public static Shape<Interface> Interface { get; } =
        new ObjectShape<Interface>(
            "interface",
            "A network interface that Fulcrum makes, or whose addresses it keeps.",
            new Interface { Name = "" }
        )
            .Optional(
                "vlan",
                Scalars.Integer(1, 4094),
                item => item.Vlan,
                (item, value) => item with { Vlan = value },
                "The VLAN's tag; left out: it is no VLAN."
            )
            .Optional(
                "macvlan",
                Words.Of<MacvlanKind>(),
                item => item.Macvlan,
                (item, value) => item with { Macvlan = value },
                "A hardware address of its own on the interface that carries it; whether it reaches the other macvlans there: at once (bridge), never (private), or by way of a switch that sends back (vepa)."
            )
            .Field(
                "dummy",
                Scalars.Boolean,
                item => item.Dummy,
                (item, value) => item with { Dummy = value },
                "Made as a dummy: addresses can stand on it, but no link is behind it."
            )
            .Field(
                "on",
                Scalars.InterfaceName,
                item => item.On,
                (item, value) => item with { On = value },
                "The interface that carries the VLAN or macvlan."
            )
            .Field(
                "addresses",
                Networks.InterfaceAddress.List(),
                item => item.Addresses,
                (item, value) => item with { Addresses = value },
                "Addresses that it gets."
            );
}
