using Fulcrum.Model.Announcements;
using Fulcrum.Model.Discovery;
using Fulcrum.Model.Hooks;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Peers;
using Fulcrum.Model.Pools;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Model;

/// <summary>An immutable whole configuration.</summary>
public sealed record Snapshot
{
    public static Snapshot Empty { get; } = new();

    /// <summary>The nodes that stand in for each other. Null: this node alone.</summary>
    public string? Group { get; init; }

    public Named<Node> Nodes { get; init; } = Named<Node>.Empty;

    public ApiSettings Api { get; init; } = ApiSettings.Default;

    public MetricsSettings Metrics { get; init; } = MetricsSettings.Default;

    /// <summary>Who issues certificates for names that are got by ACME. Null: nobody.</summary>
    public AcmeSettings? Acme { get; init; }

    public IpvsSettings Ipvs { get; init; } = IpvsSettings.Default;

    public XdpSettings Xdp { get; init; } = XdpSettings.Default;

    public Defaults Defaults { get; init; } = Defaults.None;

    public Guard Guard { get; init; } = Guard.Default;

    public Named<Upstream> Upstreams { get; init; } = Named<Upstream>.Empty;

    public Named<Service> Services { get; init; } = Named<Service>.Empty;

    public Named<RouteList> RouteLists { get; init; } = Named<RouteList>.Empty;

    public Named<Stage> Stages { get; init; } = Named<Stage>.Empty;

    public Named<Interface> Interfaces { get; init; } = Named<Interface>.Empty;

    public Named<Vip> Vips { get; init; } = Named<Vip>.Empty;

    public Named<Announcement> Announcements { get; init; } = Named<Announcement>.Empty;

    public Named<Peer> Peers { get; init; } = Named<Peer>.Empty;

    public Named<AddressPool> Pools { get; init; } = Named<AddressPool>.Empty;

    public Named<Registry> Registries { get; init; } = Named<Registry>.Empty;

    public Named<Hook> Hooks { get; init; } = Named<Hook>.Empty;
}
