using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Explaining;

/// <summary>All that can be explained, by kind.</summary>
internal static class Subjects
{
    public static IEnumerable<string> Of(DerivedState state, SubjectKind kind)
    {
        var inputs = state.Inputs;
        return kind switch
        {
            SubjectKind.Service => state.Services.Keys,
            SubjectKind.Upstream => inputs.Snapshot.Upstreams.Select(upstream => upstream.Name),
            SubjectKind.Backend => Backends(state).Select(backend => $"{backend.Upstream}/{backend.Id}"),
            SubjectKind.Host => Hosts(state),
            SubjectKind.Check => Checks(state),
            SubjectKind.Vip => state.Vips.Keys,
            SubjectKind.Announcement => inputs.Snapshot.Announcements.Select(announcement => announcement.Name),
            SubjectKind.Certificate => state.Certificates.Keys,
            SubjectKind.Override => inputs.Overrides.Keys.Select(target => target.ToString()),
            SubjectKind.Node => inputs.Snapshot.Nodes.Select(node => node.Name).Append(inputs.Node),
            _ => [],
        };
    }

    private static IEnumerable<(string Upstream, string Id)> Backends(DerivedState state) =>
        state
            .UpstreamSection.Views.Values.SelectMany(view =>
                view.Plane.Backends.Select(backend => (view.Plane.Name, backend.Id))
            )
            .Concat(
                state.Inputs.Snapshot.Upstreams.SelectMany(upstream =>
                    upstream.Backends.Select(backend => (upstream.Name, backend.Id))
                )
            )
            .Distinct();

    private static IEnumerable<string> Hosts(DerivedState state) =>
        state
            .UpstreamSection.Views.Values.SelectMany(view => view.Plane.Backends)
            .Select(backend => backend.Address?.ToString())
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Checks(DerivedState state) =>
        from pair in state.UpstreamSection.Views
        from check in pair.Key.Policy.Checks
        from backend in pair.Value.Plane.Backends
        select $"{pair.Key.Upstream}/{backend.Id}/{check.Id}";
}
