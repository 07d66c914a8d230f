using System.Net;
using Fulcrum.Model;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Configuration.Language;

/// <summary>
/// Turns what services bring themselves into objects of their own: backends become an upstream that is named after
/// the service; <c>announce</c> becomes a vip of that name with the addresses of the listeners, and an announcement
/// for each means (<c>web-bgp</c>). Remembers where each came from, so that what is wrong with it is shown there.
/// </summary>
internal sealed class ServiceExpansion
{
    private readonly Findings _findings;
    private readonly Snapshot _written;
    private readonly List<Service> _services = [];
    private readonly List<Upstream> _upstreams = [];
    private readonly List<Vip> _vips = [];
    private readonly List<Announcement> _announcements = [];
    private readonly Dictionary<(string Section, string Name), Items<PathSegment>> _origins = [];

    private ServiceExpansion(Snapshot written, Findings findings)
    {
        _written = written;
        _findings = findings;
    }

    public static (Snapshot Snapshot, ServiceExpansion Origins) Apply(SnapshotOptions options, Findings findings)
    {
        var expansion = new ServiceExpansion(options.Snapshot, findings);
        using (findings.In("services"))
        {
            foreach (var service in options.Services)
            {
                using var at = findings.In(service.Service.Name);
                expansion.Add(service);
            }
        }

        return (expansion.Whole(), expansion);
    }

    /// <summary>The path in the text, for a path in the model.</summary>
    public Items<PathSegment> Written(Items<PathSegment> path) =>
        path is [{ Key: { } section }, { Key: { } name }, ..] && _origins.TryGetValue((section, name), out var origin)
            ? Items.From(origin.Concat(path.Skip(2)))
            : path;

    private Snapshot Whole() =>
        _written with
        {
            Services = Named<Service>.From(_services),
            Upstreams = Append(_written.Upstreams, _upstreams),
            Vips = Append(_written.Vips, _vips),
            Announcements = Append(_written.Announcements, _announcements),
        };

    private static Named<T> Append<T>(Named<T> written, List<T> made)
        where T : class, INamed => made.Count == 0 ? written : Named<T>.From(written.Concat(made));

    private void Add(ServiceOptions options)
    {
        var service = options.Service;
        var inline = options.Inline;
        if (!inline.Backends.IsEmpty || inline.Discover is not null)
        {
            AddUpstream(service, inline);
            service = service with { Upstream = service.Name };
        }
        else if (!ReferenceEquals(inline, UpstreamShape.Blank) && inline != UpstreamShape.Blank)
        {
            _findings.Error(
                "says how backends are reached, but has none of its own",
                "'backends' or 'discover' here, or these keys on the upstream"
            );
        }

        if (!options.Announce.IsEmpty)
        {
            AddVip(service, options.Announce);
        }

        _services.Add(service);
    }

    private void AddUpstream(Service service, Upstream inline)
    {
        if (service.Upstream is not null)
        {
            _findings.Error("has backends of its own and an upstream", "one of them");
            return;
        }

        _upstreams.Add(inline with { Name = service.Name });
        Claim(
            "upstreams",
            service,
            service.Name,
            _written.Upstreams,
            "its backends would make an upstream of that name"
        );
    }

    private void AddVip(Service service, Items<Announcement> announce)
    {
        using var at = _findings.In("announce");
        var addresses = service
            .Listeners.Select(listener => listener.Address)
            .OfType<IPAddress>()
            .Where(address => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
            .Distinct()
            .ToList();
        if (addresses.Count == 0)
        {
            _findings.Error(
                "no listener has an address of its own to announce",
                "an address in 'listen'; for one from a pool, an announcement that selects the pool"
            );
            return;
        }

        var isRouted = announce.All(item => item.Spec is BgpAnnouncement or RouteAnnouncement);
        _vips.Add(
            new Vip
            {
                Name = service.Name,
                Labels = service.Labels,
                Addresses = Items.From(addresses.Select(InterfaceAddress.Single)),
                On = isRouted ? new OnDummy() : new OnMatchingInterface(),
                Active = isRouted ? ActiveOn.EveryNode : ActiveOn.Role,
            }
        );
        Claim("vips", service, service.Name, _written.Vips, "it would make a vip of that name");
        foreach (var item in announce)
        {
            var name = $"{service.Name}-{WordOf(item.Spec)}";
            var announcement = item with
            {
                Name = name,
                Select = new VipSelection { Vip = [service.Name] },
            };
            _announcements.Add(announcement);
            Claim("announcements", service, name, _written.Announcements, $"it would make an announcement '{name}'");
        }
    }

    private void Claim<T>(string section, Service service, string name, Named<T> written, string what)
        where T : class, INamed
    {
        Items<PathSegment> origin = [new("services", 0), new(service.Name, 0)];
        var isNew = _origins.TryAdd((section, name), section == "upstreams" ? origin : origin.Add(new("announce", 0)));
        if (!isNew || written.TryGet(name, out _))
        {
            _findings.Error($"{what}, but there is one already", "another name");
        }
    }

    private static string WordOf(AnnouncementSpec spec) =>
        spec switch
        {
            NeighborAnnouncement => "neighbor",
            VrrpAnnouncement => "vrrp",
            BgpAnnouncement => "bgp",
            _ => "route",
        };
}
