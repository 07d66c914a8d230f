using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Announcements;

namespace Fulcrum.Configuration.Language;

internal static class AnnouncementShape
{
    private static readonly Shape<NodePreference> Preference = new ObjectShape<NodePreference>(
        "preference",
        "Nodes that are preferred.",
        new NodePreference(0, Model.Values.Selector.Everything)
    )
        .Required(
            "weight",
            Scalars.Integer(1, 100),
            preference => preference.Weight,
            (preference, value) => preference with { Weight = value },
            "How much."
        )
        .Field(
            "nodes",
            SelectorShape.Shape,
            preference => preference.Nodes,
            (preference, value) => preference with { Nodes = value },
            "Labels of the nodes."
        );

    private static readonly ObjectShape<NeighborAnnouncement> Neighbor = new ObjectShape<NeighborAnnouncement>(
        "neighbor",
        "Answers to ARP and neighbour discovery, from one elected node.",
        new NeighborAnnouncement()
    )
        .Field(
            "interfaces",
            Patterns.Text.List(),
            spec => spec.Interfaces,
            (spec, value) => spec with { Interfaces = value },
            "On these; left out: every interface that can."
        )
        .Field(
            "prefer",
            Preference.List(),
            spec => spec.Prefer,
            (spec, value) => spec with { Prefer = value },
            "Nodes that are preferred while they live."
        )
        .Field(
            "burst",
            Scalars.Integer(1, 100),
            spec => spec.Burst,
            (spec, value) => spec with { Burst = value },
            "Unsolicited announcements when the address comes."
        );

    private static readonly ObjectShape<VrrpAnnouncement> Vrrp = new ObjectShape<VrrpAnnouncement>(
        "vrrp",
        "Virtual router redundancy (RFC 5798, RFC 9568).",
        new VrrpAnnouncement { Interface = null!, Id = 0 }
    )
        .Required(
            "interface",
            Scalars.InterfaceName,
            spec => spec.Interface,
            (spec, value) => spec with { Interface = value },
            "Where the nodes hear each other."
        )
        .Required(
            "id",
            Scalars.Integer(1, 255),
            spec => spec.Id,
            (spec, value) => spec with { Id = value },
            "The virtual router's number on that interface."
        )
        .Field(
            "interval",
            Quantities.DurationFrom(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(40_950)),
            spec => spec.Interval,
            (spec, value) => spec with { Interval = value },
            "Between two advertisements."
        )
        .Optional(
            "priority",
            Scalars.Integer(1, 255),
            spec => spec.Priority,
            (spec, value) => spec with { Priority = value },
            "Left out: by the order of the nodes."
        )
        .Field(
            "preempt",
            Scalars.Boolean,
            spec => spec.Preempt,
            (spec, value) => spec with { Preempt = value },
            "A better node that comes back takes over again."
        )
        .Field(
            "virtual-mac",
            Scalars.Boolean,
            spec => spec.VirtualMac,
            (spec, value) => spec with { VirtualMac = value },
            "The protocol's own MAC address is used instead of the interface's."
        );

    private static readonly ObjectShape<BgpAnnouncement> Bgp = new ObjectShape<BgpAnnouncement>(
        "bgp",
        "Routes told to BGP peers (RFC 4271).",
        new BgpAnnouncement()
    )
        .Field(
            "peers",
            Scalars.Name.List(),
            spec => spec.Peers,
            (spec, value) => spec with { Peers = value },
            "To these; left out: all peers."
        )
        .Field(
            "communities",
            Communities.Shape.List(),
            spec => spec.Communities,
            (spec, value) => spec with { Communities = value },
            "Communities of the routes."
        )
        .Optional(
            "local-preference",
            Scalars.Unsigned(0),
            spec => spec.LocalPreference,
            (spec, value) => spec with { LocalPreference = value },
            "For peers of our own AS."
        )
        .Optional(
            "med",
            Scalars.Unsigned(0),
            spec => spec.Med,
            (spec, value) => spec with { Med = value },
            "Multi-exit discriminator."
        )
        .Field(
            "prepend",
            Scalars.Integer(0, 50),
            spec => spec.Prepend,
            (spec, value) => spec with { Prepend = value },
            "How many times our own AS is added to the path."
        )
        .Field(
            "aggregate-ipv4",
            Scalars.Integer(1, 32),
            spec => spec.AggregateIpv4,
            (spec, value) => spec with { AggregateIpv4 = value },
            "Prefix length of what is announced; the vips inside share it."
        )
        .Field(
            "aggregate-ipv6",
            Scalars.Integer(1, 128),
            spec => spec.AggregateIpv6,
            (spec, value) => spec with { AggregateIpv6 = value },
            "The same for IPv6."
        );

    private static readonly Shape<RouteAnnouncement> Route = new ObjectShape<RouteAnnouncement>(
        "interface-route",
        "The address stands on an interface, from which another router redistributes it.",
        new RouteAnnouncement { Interface = null! }
    )
        .Required(
            "interface",
            Scalars.InterfaceName,
            spec => spec.Interface,
            (spec, value) => spec with { Interface = value },
            "That interface."
        )
        .Field(
            "aggregate-ipv4",
            Scalars.Integer(1, 32),
            spec => spec.AggregateIpv4,
            (spec, value) => spec with { AggregateIpv4 = value },
            "Prefix length of what is announced."
        )
        .Field(
            "aggregate-ipv6",
            Scalars.Integer(1, 128),
            spec => spec.AggregateIpv6,
            (spec, value) => spec with { AggregateIpv6 = value },
            "The same for IPv6."
        )
        .Or(Scalars.InterfaceName, name => new RouteAnnouncement { Interface = name }, spec => spec.Interface);

    private static readonly Shape<VipSelection> Selection = new ObjectShape<VipSelection>(
        "vip-selection",
        "Which vips: all that is set must hold.",
        VipSelection.Everything
    )
        .Field(
            "vip",
            Scalars.Name.List(),
            select => select.Vip,
            (select, value) => select with { Vip = value },
            "Names of vips."
        )
        .Field(
            "vips",
            SelectorShape.Shape,
            select => select.Vips,
            (select, value) => select with { Vips = value },
            "Labels of vips."
        )
        .Field(
            "services",
            SelectorShape.Shape,
            select => select.Services,
            (select, value) => select with { Services = value },
            "Labels of the services behind them."
        )
        .Field(
            "pool",
            Scalars.Name.List(),
            select => select.Pool,
            (select, value) => select with { Pool = value },
            "Names of the pools that their addresses come from."
        )
        .Field(
            "pools",
            SelectorShape.Shape,
            select => select.Pools,
            (select, value) => select with { Pools = value },
            "Labels of those pools."
        );

    public static ObjectShape<Announcement> Shape { get; } =
        Means(
                new ObjectShape<Announcement>(
                    "announcement",
                    "How the network learns of vips.",
                    new Announcement { Name = "", Spec = null! }
                )
            )
            .Field(
                "select",
                Selection,
                item => item.Select,
                (item, value) => item with { Select = value },
                "Which vips; left out: all."
            )
            .Field(
                "nodes",
                SelectorShape.Shape,
                item => item.Nodes,
                (item, value) => item with { Nodes = value },
                "Labels of the nodes that announce; left out: all."
            );

    /// <summary>What <c>announce</c> on a service takes: the means alone, by its word where it needs nothing more.</summary>
    public static Shape<Announcement> Brief { get; } =
        Means(
                new ObjectShape<Announcement>(
                    "announce",
                    "A vip of the service's own and an announcement of it.",
                    Shape.Blank
                )
            )
            .Or(
                Words.From([true, false], ["bgp", "neighbor"]),
                isBgp => Shape.Blank with { Spec = isBgp ? Bgp.Blank : Neighbor.Blank },
                item => item.Spec is BgpAnnouncement
            );

    private static ObjectShape<Announcement> Means(ObjectShape<Announcement> shape)
    {
        return shape
            .Case(
                "neighbor",
                Neighbor,
                item => item.Spec as NeighborAnnouncement,
                With,
                "Answers to ARP and neighbour discovery, from one elected node."
            )
            .Case("vrrp", Vrrp, item => item.Spec as VrrpAnnouncement, With, "Virtual router redundancy.")
            .Case("bgp", Bgp, item => item.Spec as BgpAnnouncement, With, "Routes told to BGP peers.")
            .Case(
                "route",
                Route,
                item => item.Spec as RouteAnnouncement,
                With,
                "The address stands on an interface, from which another router redistributes it."
            );

        static Announcement With(Announcement item, AnnouncementSpec spec) => item with { Spec = spec };
    }
}
