using Fulcrum.Configuration.Shapes;
using Fulcrum.Model;
using Fulcrum.Model.Discovery;

namespace Fulcrum.Configuration.Language;

/// <summary>The whole language, from the top.</summary>
internal static class SnapshotShape
{
    private static readonly Shape<Registry> Registry = new ObjectShape<Registry>(
        "registry",
        "A catalogue that is told of our services.",
        new Registry { Name = "", Consul = null! }
    )
        .Required(
            "consul",
            Urls.Of("http", "https"),
            registry => registry.Consul,
            (registry, value) => registry with { Consul = value },
            "Consul's agent."
        )
        .Field(
            "token",
            SecretShape.Shape,
            registry => registry.Token,
            (registry, value) => registry with { Token = value },
            "Its access token."
        );

    private static readonly ObjectShape<Defaults> Defaults = new ObjectShape<Defaults>(
        "defaults",
        "What holds where nothing nearer says otherwise.",
        Model.Defaults.None
    )
        .Field(
            "check",
            CheckShape.Timing,
            defaults => defaults.Check,
            (defaults, value) => defaults with { Check = value },
            "When checks ask and how many answers they take."
        )
        .Lift(PolicyShape.Shape, defaults => defaults.Policy, (defaults, value) => defaults with { Policy = value })
        .Field(
            "connect",
            ConnectShape.Shape,
            defaults => defaults.Connect,
            (defaults, value) => defaults with { Connect = value },
            "How backends are connected to."
        )
        .Field(
            "sessions",
            SessionShape.Shape,
            defaults => defaults.Sessions,
            (defaults, value) => defaults with { Sessions = value },
            "How the proxy plane keeps sessions."
        )
        .Field(
            "tickets",
            TlsShapes.Tickets,
            defaults => defaults.Tickets,
            (defaults, value) => defaults with { Tickets = value },
            "What protects the tickets by which TLS clients resume."
        );

    private static readonly Shape<Guard> GuardShape = Quantities.ShareOrOff.To(
        share => new Guard(share),
        guard => guard.Share
    );

    private static readonly ObjectShape<Snapshot> Keys = new ObjectShape<Snapshot>("snapshot-keys", "", Snapshot.Empty)
        .Field(
            "$schema",
            Scalars.Text,
            _ => null,
            (snapshot, _) => snapshot,
            "Where an editor finds this schema; not read."
        )
        .Field(
            "include",
            Scalars.FilePath.List(),
            _ => [],
            (snapshot, _) => snapshot,
            "More files, relative to this one; * and ? stand for parts of names."
        )
        .Field(
            "group",
            Scalars.Name,
            snapshot => snapshot.Group,
            (snapshot, value) => snapshot with { Group = value },
            "The nodes that stand in for each other; left out: this node alone."
        )
        .Field(
            "nodes",
            Maps.Named(NodeShapes.Node, (node, name) => node with { Name = name }),
            snapshot => snapshot.Nodes,
            (snapshot, value) => snapshot with { Nodes = value },
            "The nodes that share this file."
        )
        .Field(
            "api",
            ApiShape.Shape,
            snapshot => snapshot.Api,
            (snapshot, value) => snapshot with { Api = value },
            "The control API."
        )
        .Field(
            "metrics",
            MetricsShape.Shape,
            snapshot => snapshot.Metrics,
            (snapshot, value) => snapshot with { Metrics = value },
            "How much is measured."
        )
        .Field(
            "acme",
            AcmeShape.Shape,
            snapshot => snapshot.Acme,
            (snapshot, value) => snapshot with { Acme = value },
            "Who issues certificates for the names that services have in 'tls: { acme: [NAME] }'."
        )
        .Field(
            "ipvs",
            IpvsShape.Shape,
            snapshot => snapshot.Ipvs,
            (snapshot, value) => snapshot with { Ipvs = value },
            "What the kernel's own balancer is told as a whole."
        )
        .Field(
            "xdp",
            XdpShape.Shape,
            snapshot => snapshot.Xdp,
            (snapshot, value) => snapshot with { Xdp = value },
            "What the balancers in the driver (plane xdp) and in traffic control (plane tc) are told as a whole."
        )
        .Field(
            "defaults",
            Defaults,
            snapshot => snapshot.Defaults,
            (snapshot, value) => snapshot with { Defaults = value },
            "What holds where nothing nearer says otherwise."
        )
        .Field(
            "guard",
            GuardShape,
            snapshot => snapshot.Guard,
            (snapshot, value) => snapshot with { Guard = value },
            "A change that would remove a larger share of the services, backends or vips than this is refused unless it says that it may; off: none is. Kinds of which there are fewer than 10 do not count."
        )
        .Field(
            "upstreams",
            Maps.Named(UpstreamShape.Shape, (upstream, name) => upstream with { Name = name }),
            snapshot => snapshot.Upstreams,
            (snapshot, value) => snapshot with { Upstreams = value },
            "Groups of backends."
        )
        .Field(
            "route-lists",
            Maps.Named(RouteShape.List, (list, name) => list with { Name = name }),
            snapshot => snapshot.RouteLists,
            (snapshot, value) => snapshot with { RouteLists = value },
            "Routes for more than one service, or for goto."
        )
        .Field(
            "stages",
            Maps.Named(StageShape.Shape, (stage, name) => stage with { Name = name }),
            snapshot => snapshot.Stages,
            (snapshot, value) => snapshot with { Stages = value },
            "What proxied streams pass on their way."
        )
        .Field(
            "interfaces",
            Maps.Named(NodeShapes.Interface, (item, name) => item with { Name = name }),
            snapshot => snapshot.Interfaces,
            (snapshot, value) => snapshot with { Interfaces = value },
            "Network interfaces that Fulcrum makes, or whose addresses it keeps."
        )
        .Field(
            "vips",
            Maps.Named(VipShape.Shape, (vip, name) => vip with { Name = name }),
            snapshot => snapshot.Vips,
            (snapshot, value) => snapshot with { Vips = value },
            "Addresses that Fulcrum raises."
        )
        .Field(
            "announcements",
            Maps.Named(AnnouncementShape.Shape, (item, name) => item with { Name = name }),
            snapshot => snapshot.Announcements,
            (snapshot, value) => snapshot with { Announcements = value },
            "How the network learns of vips."
        )
        .Field(
            "peers",
            Maps.Named(PeerShape.Shape, (peer, name) => peer with { Name = name }),
            snapshot => snapshot.Peers,
            (snapshot, value) => snapshot with { Peers = value },
            "The other ends of routing conversations."
        )
        .Field(
            "pools",
            Maps.Named(PoolShape.Shape, (pool, name) => pool with { Name = name }),
            snapshot => snapshot.Pools,
            (snapshot, value) => snapshot with { Pools = value },
            "Addresses that may be given to services."
        )
        .Field(
            "registries",
            Maps.Named(Registry, (registry, name) => registry with { Name = name }),
            snapshot => snapshot.Registries,
            (snapshot, value) => snapshot with { Registries = value },
            "Catalogues that are told of our services."
        )
        .Field(
            "hooks",
            Maps.Named(HookShape.Shape, (hook, name) => hook with { Name = name }),
            snapshot => snapshot.Hooks,
            (snapshot, value) => snapshot with { Hooks = value },
            "Programs and servers that are told of what changes."
        );

    public static ObjectShape<SnapshotOptions> Shape { get; } =
        new ObjectShape<SnapshotOptions>("configuration", "A configuration of Fulcrum.", new SnapshotOptions())
            .Lift(Keys, options => options.Snapshot, (options, snapshot) => options with { Snapshot = snapshot })
            .Field(
                "services",
                ServiceShape.Shape.Pairs(
                    Scalars.Name,
                    (name, options) => options with { Service = options.Service with { Name = name } },
                    options => options.Service.Name,
                    options => options
                ),
                options => options.Services,
                (options, value) => options with { Services = value },
                "What clients reach."
            );

    /// <summary>Keys whose objects may come from more than one file.</summary>
    public static IReadOnlySet<string> MergedKeys { get; } =
        Shape.Keys.Where(key => key.Shape is IMapShape).Select(key => key.Name).ToHashSet(StringComparer.Ordinal);
}
