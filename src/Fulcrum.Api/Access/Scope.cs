using Fulcrum.Api.Problems;
using Fulcrum.Configuration;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Access;

/// <summary>
/// Which objects a caller may see and change: those whose labels their selector asks for. Labels nearer to the object
/// win: an upstream has those of a service that uses it under its own, and a backend those of its upstream under its
/// own. What several services use belongs to each of them; a machine's address belongs to whom all its memberships do.
/// <para>
/// Handlers ask <see cref="Covers(string, string)"/> for each object that they show, and refuse orders about others with
/// <see cref="ScopeExtensions.RefuseOutsideAsync"/>. What is no object with labels, and what does not exist, belongs
/// only to those whose scope is everything.
/// </para>
/// </summary>
internal sealed class Scope(Caller caller, DerivedState state)
{
    private readonly Snapshot _snapshot = state.Inputs.Snapshot;
    private ILookup<string, Service>? _users;

    public bool CoversAll => caller.CoversAll;

    public bool Covers(Subject subject) => Covers(subject.Kind.ToString().ToLowerInvariant(), subject.Name);

    public bool Covers(OverrideTarget target) => Covers(target.Kind.ToString().ToLowerInvariant(), target.Name);

    /// <param name="kind">As commands write it: <c>service</c>; or as the configuration does: <c>services</c>.</param>
    /// <param name="name">As commands write it: <c>UPSTREAM/BACKEND</c> for a backend.</param>
    public bool Covers(string kind, string name) =>
        CoversAll
        || kind switch
        {
            "service" or "services" => _snapshot.Services.Find(name) is { } service && caller.Covers(service.Labels),
            "upstream" or "upstreams" => _snapshot.Upstreams.Find(name) is { } upstream
                && LabelsOf(upstream).Any(caller.Covers),
            "backend" or "backends" => CoversBackend(name, isCheck: false),
            "check" or "checks" => CoversBackend(name, isCheck: true),
            "host" or "hosts" => CoversHost(name),
            "vip" or "vips" => _snapshot.Vips.Find(name) is { } vip && caller.Covers(vip.Labels),
            "peer" or "peers" => _snapshot.Peers.Find(name) is { } peer && caller.Covers(peer.Labels),
            "certificate" or "certificates" => state.Certificates[name] is { } shown
                && shown.Observed.UsedBy.Any(service => Covers("service", service)),
            "announcement" or "announcements" => CoversAnnouncement(name),
            "override" or "overrides" => OverrideTarget.TryParse(name, out var target) && Covers(target),
            _ => false,
        };

    private bool CoversBackend(string name, bool isCheck)
    {
        // Names of backends may hold slashes; those of upstreams, too. What the name could mean must all be theirs.
        var isAny = false;
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; )
        {
            if (_snapshot.Upstreams.Find(name[..slash]) is { } upstream)
            {
                var rest = name[(slash + 1)..];
                var backend = BackendsOf(upstream).FirstOrDefault(one => Is(one, rest, isCheck));
                if (backend is not null && !Covers(upstream, backend))
                {
                    return false;
                }

                isAny |= backend is not null;
            }

            slash = name.IndexOf('/', slash + 1);
        }

        return isAny;
    }

    private static bool Is(Backend backend, string name, bool isCheck) =>
        isCheck
            ? name.Length > backend.Id.Length
                && name[backend.Id.Length] == '/'
                && name.StartsWith(backend.Id, StringComparison.Ordinal)
            : backend.Id == name;

    private bool CoversHost(string address)
    {
        var memberships = (
            from upstream in _snapshot.Upstreams
            from backend in BackendsOf(upstream)
            where IsAt(backend, address)
            select Covers(upstream, backend)
        ).ToList();
        return memberships.Count > 0 && memberships.TrueForAll(isCovered => isCovered);
    }

    private bool IsAt(Backend backend, string address) =>
        backend.Address.Name is { } name
            ? state.Inputs.Names[name]?.Addresses.Any(resolved => resolved.ToString() == address) ?? false
            : backend.Address.ToString() == address;

    private bool Covers(Upstream upstream, Backend backend) =>
        LabelsOf(upstream).Any(labels => caller.Covers(Over(labels, backend.Labels)));

    private IEnumerable<Backend> BackendsOf(Upstream upstream) =>
        upstream.Backends.Concat(state.Inputs.Members[upstream.Name]?.Backends ?? default(Items<Backend>));

    private IEnumerable<Labels> LabelsOf(Upstream upstream)
    {
        _users ??= Users();
        var isUsed = false;
        foreach (var service in _users[upstream.Name])
        {
            isUsed = true;
            yield return Over(service.Labels, upstream.Labels);
        }

        if (!isUsed)
        {
            yield return upstream.Labels;
        }
    }

    private static Labels Over(Labels under, Labels own) =>
        own.Count == 0 ? under : own.Aggregate(under, (labels, pair) => labels.With(pair.Key, pair.Value));

    // An announcement has no labels: it is theirs whose vips it tells of, all of them.
    private bool CoversAnnouncement(string name)
    {
        if (_snapshot.Announcements.Find(name) is not { } announcement || announcement.Select.Vip.IsEmpty)
        {
            return false;
        }

        return announcement.Select.Vip.All(vip => Covers("vip", vip));
    }

    private ILookup<string, Service> Users() =>
        (
            from service in _snapshot.Services
            from upstream in UpstreamsOf(service).Distinct(StringComparer.Ordinal)
            select (service, upstream)
        ).ToLookup(use => use.upstream, use => use.service, StringComparer.Ordinal);

    /// <summary>Where a service leads, over all its routes.</summary>
    public IEnumerable<string> UpstreamsOf(Service service)
    {
        if (service.Upstream is { } own)
        {
            yield return own;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var routes = new Queue<Route>(service.Routes);
        while (routes.TryDequeue(out var route))
        {
            if (route.Action is ToUpstream to)
            {
                yield return to.Upstream;
            }
            else if (route.Action is Goto on && seen.Add(on.RouteList))
            {
                foreach (var next in _snapshot.RouteLists.Find(on.RouteList)?.Routes ?? default)
                {
                    routes.Enqueue(next);
                }
            }
        }
    }
}

internal static class ScopeExtensions
{
    /// <summary>What the caller may see and change as things are now; make it once for each request.</summary>
    public static Scope Scope(this HttpContext context, NodeContext node) => new(context.Caller(), node.Engine.State);

    /// <summary>There is no such object, as far as this caller may know.</summary>
    public static Task RefuseOutsideAsync(this HttpContext context, string subject)
    {
        var caller = context.Caller();
        return context.RefuseAsync(
            StatusCodes.Status403Forbidden,
            $"there is no {Answers.Shown(subject)} among what {caller.Name} may see and change ({SelectorText.Format(caller.Scope)})"
        );
    }
}
