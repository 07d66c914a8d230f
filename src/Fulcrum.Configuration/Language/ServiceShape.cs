using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Services;

namespace Fulcrum.Configuration.Language;

internal static class ServiceShape
{
    private static readonly Shape<AddressRequest> AddressFrom = new ObjectShape<AddressRequest>(
        "address-from",
        "What a service asks of the address pools.",
        new AddressRequest()
    )
        .Field(
            "pool",
            Scalars.Name,
            request => request.Pool,
            (request, value) => request with { Pool = value },
            "The pool; left out: whichever the pools' own rules allow."
        )
        .Field(
            "families",
            Words.Of<AddressFamilies>(),
            request => request.Families,
            (request, value) => request with { Families = value },
            "Which families of addresses."
        )
        .Field(
            "addresses",
            Networks.Address.List(),
            request => request.Addresses,
            (request, value) => request with { Addresses = value },
            "These and no others, at most one of each family."
        )
        .Field(
            "share-key",
            Scalars.Word,
            request => request.ShareKey,
            (request, value) => request with { ShareKey = value },
            "Services that write the same key may share an address as long as their listeners differ."
        )
        .Or(Scalars.Name, pool => new AddressRequest { Pool = pool }, request => request.Pool ?? "");

    private static readonly Shape<Grant> Grants = new ObjectShape<Grant>(
        "grant",
        "Who may act on a service.",
        new Grant(null!, false, default)
    )
        .Case(
            "user",
            Scalars.Name,
            grant => grant.IsGroup ? null : grant.Who,
            (grant, value) => grant with { Who = value, IsGroup = false },
            "This user."
        )
        .Case(
            "group",
            Scalars.Name,
            grant => grant.IsGroup ? grant.Who : null,
            (grant, value) => grant with { Who = value, IsGroup = true },
            "All users of this group."
        )
        .Required(
            "permission",
            Words.Of<Permission>(),
            grant => grant.Permission,
            (grant, value) => grant with { Permission = value },
            "What they may do."
        );

    private static readonly ObjectShape<Service> Keys = new ObjectShape<Service>(
        "service-keys",
        "",
        new Service { Name = "" }
    )
        .Field(
            "listen",
            ListenerShape.Shape.List(),
            service => service.Listeners,
            (service, value) => service with { Listeners = value },
            "Where clients reach it: tcp://0.0.0.0:8080."
        )
        .Field(
            "upstream",
            Scalars.Name,
            service => service.Upstream,
            (service, value) => service with { Upstream = value },
            "The upstream of everything that no route takes."
        )
        .Field(
            "routes",
            RouteShape.Shape.List(),
            service => service.Routes,
            (service, value) => service with { Routes = value },
            "Where sessions go; the first that matches is taken."
        )
        .Lift(PolicyShape.Shape, service => service.Policy, (service, value) => service with { Policy = value })
        .Field(
            "plane",
            Words.Of<PlaneKind>(),
            service => service.Plane,
            (service, value) => service with { Plane = value },
            "What carries the packets; auto: the first capable and working one."
        )
        .Field(
            "together",
            Scalars.Boolean,
            service => service.Together,
            (service, value) => service with { Together = value },
            "All listeners are one balancing and persistence domain."
        )
        .Field(
            "tls",
            TlsShapes.Termination,
            service => service.Tls,
            (service, value) => service with { Tls = value },
            "TLS ends here; a certificate's file alone is short for { certificates: ... }."
        )
        .Field(
            "client",
            ClientShape.Shape,
            service => service.Client,
            (service, value) => service with { Client = value },
            "Who may use it, and how much."
        )
        .Field(
            "sessions",
            SessionShape.Shape,
            service => service.Sessions,
            (service, value) => service with { Sessions = value },
            "How the proxy plane keeps its sessions."
        )
        .Field(
            "access-log",
            AccessLogShape.Shape,
            service => service.AccessLog,
            (service, value) => service with { AccessLog = value },
            "A line for each session, when it has ended; true: on standard error."
        )
        .Field(
            "address-from",
            AddressFrom,
            service => service.AddressFrom,
            (service, value) => service with { AddressFrom = value },
            "Addresses for the listeners that name none."
        )
        .Field(
            "register",
            Scalars.Name.List(),
            service => service.Register,
            (service, value) => service with { Register = value },
            "Registries that are told of it."
        )
        .Field(
            "grants",
            Grants.List(),
            service => service.Grants,
            (service, value) => service with { Grants = value },
            "Who may change it at run time, beyond administrators."
        )
        .Field(
            "enabled",
            Scalars.Boolean,
            service => service.Enabled,
            (service, value) => service with { Enabled = value },
            "A disabled service listens nowhere."
        )
        .Field(
            "labels",
            Maps.Labels,
            service => service.Labels,
            (service, value) => service with { Labels = value },
            "Keys and values of your own."
        )
        .Field(
            "description",
            Scalars.Text,
            service => service.Description,
            (service, value) => service with { Description = value },
            "What it is, for people."
        )
        .Field(
            "owner",
            Scalars.Line,
            service => service.Owner,
            (service, value) => service with { Owner = value },
            "Who answers for it."
        );

    public static ObjectShape<ServiceOptions> Shape { get; } =
        new ObjectShape<ServiceOptions>(
            "service",
            "What clients reach: listeners, forwarding, and an upstream or routes.",
            new ServiceOptions()
        )
            .Lift(Keys, options => options.Service, (options, service) => options with { Service = service })
            .Lift(
                UpstreamShape.Members,
                options => options.Inline,
                (options, upstream) => options with { Inline = upstream }
            )
            .Field(
                "announce",
                AnnouncementShape.Brief.List(),
                options => options.Announce,
                (options, value) => options with { Announce = value },
                "Raises the service's addresses as a vip of its own and announces it: bgp, neighbor, or an object with more to say."
            );
}
