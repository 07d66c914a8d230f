using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

/// <summary>One backend of one upstream: in each sight, and as it is configured or was discovered.</summary>
/// <param name="Upstream">Its upstream's name.</param>
/// <param name="Id">As in <see cref="PlaneBackend.Id"/>.</param>
/// <param name="Seen">Empty: nothing was decided about it.</param>
/// <param name="Configured">Null: it is gone from where it came from, and stays for a while.</param>
internal sealed record Membership(string Upstream, string Id, IReadOnlyList<SeenBackend> Seen, Backend? Configured)
{
    public static Subject SubjectOf(string upstream, string id) => new(SubjectKind.Backend, $"{upstream}/{id}");

    /// <summary>It does not serve, or is not known to be well.</summary>
    public static bool IsTroubled(PlaneBackend backend, BackendFact fact) =>
        backend.Duty != BackendDuty.Serve || fact.Verdict != Verdict.Healthy;

    /// <summary>The backend of that name, <c>UPSTREAM/ID</c>; both may hold slashes. Null: there is none.</summary>
    public static Membership? Find(DerivedState state, string name) =>
        Splits(name).Select(at => Of(state, name[..at], name[(at + 1)..])).FirstOrDefault(found => found is not null);

    /// <summary>Where a name can be cut into two.</summary>
    public static IEnumerable<int> Splits(string name) => Enumerable.Range(0, name.Length).Where(at => name[at] == '/');

    public static Membership? Of(DerivedState state, string upstream, string id)
    {
        var seen = Sight.Of(state, upstream).Select(sight => SeenBackend.Of(sight, id)).OfType<SeenBackend>().ToList();
        var configured = (state.Inputs.Snapshot.Upstreams.Find(upstream)?.Backends ?? [])
            .Concat(state.Inputs.Members[upstream]?.Backends ?? [])
            .FirstOrDefault(backend => backend.Id == id);
        return seen.Count == 0 && configured is null ? null : new(upstream, id, seen, configured);
    }
}

/// <summary>A backend in one sight.</summary>
internal sealed record SeenBackend(Sight Sight, PlaneBackend Plane, BackendFact Fact, Items<ProbeTask> Probes)
{
    public const string Unhealthy = "unhealthy";

    /// <summary>Its duty, and what is known of its health where that says more.</summary>
    public string Word => WordOf(Plane.Duty, Fact.Verdict);

    public static string WordOf(BackendDuty duty, Verdict health) =>
        (duty, health) switch
        {
            (BackendDuty.Serve, Verdict.Healthy) => "serving",
            (BackendDuty.Serve, var verdict) => $"serving, {Words.Of(verdict)}",
            (BackendDuty.Rest, Verdict.Unhealthy) => Unhealthy,
            (BackendDuty.Rest, _) => "resting",
            _ => "draining",
        };

    public static SeenBackend? Of(Sight sight, string id)
    {
        var backends = sight.Upstream.Plane.Backends;
        for (var i = 0; i < backends.Count; i++)
        {
            if (backends[i].Id == id)
            {
                return new(sight, backends[i], sight.Upstream.Facts[i], sight.Upstream.Memory.Members[i].Probes);
            }
        }

        return null;
    }
}
