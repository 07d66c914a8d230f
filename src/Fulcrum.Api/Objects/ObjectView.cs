using Fulcrum.Api.Overrides;
using Fulcrum.Api.Problems;
using Fulcrum.Api.Status;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Engine.Sources;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Peers;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Objects;

/// <summary>
/// One look at a node: what was decided, where objects come from, and what the plane counts, all of the same moment.
/// Made for one request; what is asked for is put together then, and not more.
/// </summary>
internal sealed class ObjectView(Reconciler engine)
{
    private readonly DerivedState _state = engine.State;
    private readonly SourceBook _book = engine.Book;

    private Dictionary<string, ObservedService> Observed =>
        field ??= engine
            .Observe()
            .Services.AsEnumerable()
            .ToDictionary(service => service.Name, StringComparer.Ordinal);

    /// <summary>The services that lead to each upstream.</summary>
    private ILookup<string, string> Users =>
        field ??= _state
            .Services.Values.SelectMany(service =>
                _state
                    .UpstreamsOf(service)
                    .Select(upstream => (Upstream: upstream.Plane.Name, service.Service.Name))
                    .Distinct()
            )
            .OrderBy(use => use.Name, StringComparer.Ordinal)
            .ToLookup(use => use.Upstream, use => use.Name, StringComparer.Ordinal);

    private Dictionary<(string Upstream, string Id), SessionCounters> Counted => field ??= Count();

    public IEnumerable<DerivedService> Services => _state.Services.Values;

    public IEnumerable<Upstream> Upstreams => _state.Inputs.Snapshot.Upstreams;

    public IEnumerable<DerivedVip> Vips => _state.Vips.Values;

    public IEnumerable<Announcement> Announcements => _state.Inputs.Snapshot.Announcements;

    public IEnumerable<PlaneStatus> Planes => engine.Planes;

    public IEnumerable<Peer> Peers => _state.Inputs.Snapshot.Peers;

    /// <summary>Every membership, of every upstream or of one.</summary>
    public IEnumerable<MemberView> Members(string? upstream) =>
        (upstream is null ? Upstreams : Upstreams.Where(one => one.Name == upstream)).SelectMany(MembersOf);

    public bool LeadsTo(string service, string upstream) => Users[upstream].Contains(service, StringComparer.Ordinal);

    public ServiceDocument Show(DerivedService derived)
    {
        var service = derived.Service;
        var upstreams = _state.UpstreamsOf(derived).DistinctBy(upstream => upstream.Plane.Name).ToList();
        var counters = Observed.GetValueOrDefault(service.Name)?.Counters ?? default;
        return new()
        {
            Name = service.Name,
            Source = SourceOf("services", service.Name),
            Labels = Show(service.Labels),
            Listen = [.. service.Listeners.Select(listener => listener.ToString())],
            Forward = ForwardingOf(service),
            Plane = derived.Carrier is { } carrier ? Word(carrier) : null,
            Upstreams = [.. upstreams.Select(upstream => upstream.Plane.Name)],
            Health = Word(derived.Verdict),
            Reason = derived.Reason.Text,
            Leaving = derived.Leaving,
            Backends = BackendCounts.Of(upstreams),
            Counters = CountersStatus.Of(counters),
            Tls = service.Tls is null ? null : TlsStatus.Of(counters),
        };
    }

    public UpstreamDocument Show(Upstream upstream)
    {
        var views = _state.ViewsOf(upstream.Name).ToList();
        var worst = views.MaxBy(view => Badness(view.Verdict));
        return new()
        {
            Name = upstream.Name,
            Source = SourceOf("upstreams", upstream.Name),
            Labels = Show(upstream.Labels),
            Services = [.. Users[upstream.Name]],
            Health = worst is null ? "unused" : Word(worst.Verdict),
            Reason = worst?.Reason.Text ?? "no service leads to it",
            Backends = worst is null ? new(upstream.Backends.Count, 0, 0) : BackendCounts.Of([worst]),
            Counters = CountersStatus.Of(
                Members(upstream.Name)
                    .Select(member => Counted.GetValueOrDefault((upstream.Name, member.Id)))
                    .Aggregate(default(SessionCounters), (sum, one) => sum + one)
            ),
        };
    }

    public BackendDocument Show(MemberView member)
    {
        var upstream = member.Upstream.Name;
        var target = new OverrideTarget(OverrideTargetKind.Backend, member.Name);
        return new()
        {
            Name = member.Name,
            Upstream = upstream,
            Id = member.Id,
            Address = member.Address,
            Labels = Show(member.Configured?.Labels ?? Labels.Empty),
            Node = member.Configured?.Node,
            Priority = member.Configured?.Priority ?? 0,
            Weight = member.Plane?.Weight ?? member.Configured?.Weight ?? 0,
            Duty = member.Plane is { } plane ? Word(plane.Duty) : "unused",
            Health = Word(member.Fact?.Verdict ?? Verdict.Unknown),
            Reason = member.Fact?.Reason.Text ?? "no service leads to it",
            Services = [.. Users[upstream]],
            Override = _state.Inputs.Overrides[target] is { } decision ? OverrideDocument.Of(decision) : null,
            Counters = CountersStatus.Of(Counted.GetValueOrDefault((upstream, member.Id))),
        };
    }

    public VipDocument Show(DerivedVip derived) =>
        new()
        {
            Name = derived.Vip.Name,
            Source = SourceOf("vips", derived.Vip.Name),
            Labels = Show(derived.Vip.Labels),
            Addresses = [.. derived.Vip.Addresses.Select(address => address.ToString())],
            State = Word(derived.State),
            Role = Word(derived.Role),
            Reason = derived.Reason.Text,
            Services = derived.Services,
        };

    public AnnouncementDocument Show(Announcement announcement) =>
        new()
        {
            Name = announcement.Name,
            Source = SourceOf("announcements", announcement.Name),
            Kind = announcement.Spec switch
            {
                NeighborAnnouncement => "neighbor",
                VrrpAnnouncement => "vrrp",
                BgpAnnouncement => "bgp",
                _ => "route",
            },
            Addresses =
            [
                .. _state
                    .Desired.Announcements.Keys.Where(key => key.Announcement == announcement.Name)
                    .Select(key => key.Address.ToString())
                    .Order(StringComparer.Ordinal),
            ],
            Trouble = engine
                .Status.FirstOrDefault(status =>
                    status is { Kind: "announcement", Condition: ObjectCondition.Failing }
                    && status.Key.StartsWith(announcement.Name + " ", StringComparison.Ordinal)
                )
                ?.Reason,
        };

    public PeerDocument Show(Peer peer) =>
        new()
        {
            Name = peer.Name,
            Source = SourceOf("peers", peer.Name),
            Labels = Show(peer.Labels),
            Address = peer.Bgp.Address.ToString(),
            As = peer.Bgp.As,
            LocalAs = peer.Bgp.LocalAs,
        };

    public PlaneDocument Show(PlaneStatus plane)
    {
        var services = _state.Desired.TableOf(plane.Kind).Services.Count;
        var offer = _state.Inputs.Planes.First(offer => offer.Kind == plane.Kind);
        var failing = engine.Status.FirstOrDefault(status =>
            status is { Kind: "plane", Condition: ObjectCondition.Failing } && status.Key == NameOf(plane)
        );
        return new()
        {
            Name = NameOf(plane),
            State =
                offer.Unavailable is not null ? "missing"
                : failing is not null ? "failing"
                : services == 0 ? "unused"
                : "ready",
            Reason = offer.Unavailable ?? failing?.Reason,
            Forwardings = [.. offer.Forwardings.Select(forward => Word(forward))],
            Services = services,
            Generation = plane.Committed,
            Refusals = plane.Refusals,
            Writes = plane.Writes,
            Packets = plane.Packets.IsEmpty
                ? null
                : [.. plane.Packets.Select(one => new PacketDocument(one.Outcome, one.Reason, one.Count))],
        };
    }

    public static string NameOf(PlaneStatus plane) => Word(plane.Kind);

    public SourceDocument Show(Source source) =>
        new()
        {
            Name = source.ToString(),
            Kind = Word(source.Kind),
            Objects = SnapshotSection
                .All.Select(section => (section.Key, section.Of(_book.ContentOf(source)).Count))
                .Where(kind => kind.Count > 0)
                .ToDictionary(kind => kind.Key, kind => kind.Count, StringComparer.Ordinal),
            Quarantined =
            [
                .. _book
                    .Quarantined.Where(one => one.Source == source)
                    .Select(one => new QuarantineDocument(
                        $"{one.Key.Kind}/{one.Key.Name}",
                        [.. one.Problems.Select(ProblemEntry.Of)]
                    )),
            ],
        };

    private IEnumerable<MemberView> MembersOf(Upstream upstream)
    {
        var members = new Dictionary<string, MemberView>(StringComparer.Ordinal);
        foreach (var view in _state.ViewsOf(upstream.Name))
        {
            for (var i = 0; i < view.Plane.Backends.Count; i++)
            {
                var seen = new MemberView(upstream, view.Plane.Backends[i], view.Facts[i], null);
                if (!members.TryGetValue(seen.Id, out var known) || seen.IsWorseThan(known))
                {
                    members[seen.Id] = seen;
                }
            }
        }

        foreach (var backend in upstream.Backends.Concat(_state.Inputs.Members[upstream.Name]?.Backends ?? []))
        {
            members[backend.Id] = members.GetValueOrDefault(backend.Id) is { } seen
                ? seen with
                {
                    Configured = backend,
                }
                : new(upstream, null, null, backend);
        }

        return members.Values;
    }

    private Dictionary<(string Upstream, string Id), SessionCounters> Count()
    {
        var counted = new Dictionary<(string, string), SessionCounters>();
        foreach (var service in Observed.Values)
        {
            foreach (var backend in service.Backends)
            {
                var key = (backend.Upstream, backend.Id);
                counted[key] = counted.GetValueOrDefault(key) + backend.Counters;
            }
        }

        return counted;
    }

    private string SourceOf(string kind, string name) =>
        _book.OwnerOf(kind, name)?.ToString() ?? "gone from its source";

    private string ForwardingOf(Service service) =>
        Word(
            service.Policy.Forward
                ?? _state.Inputs.Snapshot.Upstreams.Find(service.Upstream ?? "")?.Policy.Forward
                ?? _state.Inputs.Snapshot.Defaults.Policy.Forward
                ?? Forwarding.Proxy
        );

    private static int Badness(Verdict verdict) =>
        verdict switch
        {
            Verdict.Healthy => 0,
            Verdict.Unknown => 1,
            _ => 2,
        };

    private static Dictionary<string, string> Show(Labels labels) =>
        labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
