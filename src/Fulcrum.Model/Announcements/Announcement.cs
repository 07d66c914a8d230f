using Fulcrum.Model.Values;

namespace Fulcrum.Model.Announcements;

/// <summary>How the network learns of vips: which of them, from which nodes, and by what means.</summary>
public sealed record Announcement : INamed
{
    public required string Name { get; init; }

    public VipSelection Select { get; init; } = VipSelection.Everything;

    /// <summary>The nodes that announce. Nothing: all.</summary>
    public Selector Nodes { get; init; } = Selector.Everything;

    public required AnnouncementSpec Spec { get; init; }
}

/// <summary>All that is set must hold.</summary>
public sealed record VipSelection
{
    public static VipSelection Everything { get; } = new();

    /// <summary>Names of vips.</summary>
    public Items<string> Vip { get; init; }

    /// <summary>Labels of vips.</summary>
    public Selector Vips { get; init; } = Selector.Everything;

    /// <summary>Labels of the services behind them.</summary>
    public Selector Services { get; init; } = Selector.Everything;

    /// <summary>Names of the pools that their addresses come from.</summary>
    public Items<string> Pool { get; init; }

    /// <summary>Labels of those pools.</summary>
    public Selector Pools { get; init; } = Selector.Everything;
}

public abstract record AnnouncementSpec;

/// <summary>Answers to ARP (RFC 826) and neighbour discovery (RFC 4861), from one elected node.</summary>
public sealed record NeighborAnnouncement : AnnouncementSpec
{
    /// <summary>Nothing: every interface that can.</summary>
    public Items<TextPattern> Interfaces { get; init; }

    /// <summary>Nodes that are preferred when they live, by weight.</summary>
    public Items<NodePreference> Prefer { get; init; }

    /// <summary>Unsolicited announcements when the address comes.</summary>
    public int Burst { get; init; } = 3;
}

public sealed record NodePreference(int Weight, Selector Nodes);

/// <summary>Virtual router redundancy (RFC 5798, RFC 9568).</summary>
public sealed record VrrpAnnouncement : AnnouncementSpec
{
    public required string Interface { get; init; }

    /// <summary>1..255.</summary>
    public required int Id { get; init; }

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Null: by the order of the nodes.</summary>
    public int? Priority { get; init; }

    /// <summary>A better node that comes back takes over again.</summary>
    public bool Preempt { get; init; }

    /// <summary>The protocol's own MAC address is used instead of the interface's.</summary>
    public bool VirtualMac { get; init; }
}

/// <summary>Routes told to BGP peers (RFC 4271).</summary>
public sealed record BgpAnnouncement : AnnouncementSpec
{
    /// <summary>Nothing: all peers.</summary>
    public Items<string> Peers { get; init; }

    /// <summary><c>64512:53</c>, <c>large:1:2:3</c>, or a well-known name.</summary>
    public Items<string> Communities { get; init; }

    public uint? LocalPreference { get; init; }

    public uint? Med { get; init; }

    /// <summary>How many times our own AS is added to the path.</summary>
    public int Prepend { get; init; }

    /// <summary>Prefix length of what is announced; the vips inside share it.</summary>
    public int AggregateIpv4 { get; init; } = 32;

    public int AggregateIpv6 { get; init; } = 128;
}

/// <summary>The address stands on an interface, from which another router redistributes it.</summary>
public sealed record RouteAnnouncement : AnnouncementSpec
{
    public required string Interface { get; init; }

    public int AggregateIpv4 { get; init; } = 32;

    public int AggregateIpv6 { get; init; } = 128;
}
