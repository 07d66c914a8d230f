using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Planning;

/// <summary>What becomes of the backends of upstreams that come, go or change.</summary>
internal sealed class BackendConsequences(string upstream, DerivedState before, DerivedState after)
{
    /// <summary>In the order of names.</summary>
    public static IEnumerable<Consequence> Of(Plan plan, DerivedState before, DerivedState after) =>
        plan
            .Changes.Where(change => change.ObjectKind is "upstreams" or "backends")
            .GroupBy(UpstreamOf, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => new BackendConsequences(group.Key, before, after).Of(group));

    private static string UpstreamOf(Change change) =>
        (change.Before ?? change.After) is Backend backend ? change.Name[..^(backend.Id.Length + 1)] : change.Name;

    private IEnumerable<Consequence> Of(IEnumerable<Change> changes)
    {
        if (!IsUsed(before) && !IsUsed(after))
        {
            return [new(Upstream, null, Effect.Waits, "no service leads there")];
        }

        return changes.Select(Of).OfType<Consequence>();
    }

    private Consequence? Of(Change change) =>
        change switch
        {
            { After: Backend now, Before: Backend was } => Changed(was.Id, now.Id),
            { After: Backend now } => Added(now.Id),
            { Before: Backend was } => Removed(was.Id),
            { Kind: ChangeKind.Added } => new(Upstream, null, Effect.Joins, $"comes with {Count(after)}"),
            { Kind: ChangeKind.Removed } => new(Upstream, null, Effect.Drains, $"goes with {Count(before)}: {Rest}"),
            _ => null,
        };

    private Consequence? Added(string id) =>
        Find(after, id) is not { } now ? null
        : now.Backend.Duty == BackendDuty.Serve ? new(Subject(id), null, Effect.Joins, "joins: gets new connections")
        : new(Subject(id), null, Effect.Joins, $"joins, and gets no connections yet: {now.Reason}");

    private Consequence? Removed(string id) =>
        Find(before, id) is null ? null : new(Subject(id), null, Effect.Drains, DrainText);

    private Consequence? Changed(string was, string now)
    {
        var (old, next) = (Find(before, was), Find(after, now));
        if (old is null)
        {
            return Added(now);
        }

        if (next is null || next.Backend.Duty == BackendDuty.Drain)
        {
            return old.Backend.Duty == BackendDuty.Drain ? null : new(Subject(was), null, Effect.Drains, DrainText);
        }

        if (!Equals(old.Backend.Address, next.Backend.Address) || old.Backend.Port != next.Backend.Port)
        {
            return new(Subject(was), null, Effect.Drains, $"is another machine then, and the former {DrainText}");
        }

        return next.Backend.Duty == BackendDuty.Serve || old.Backend.Duty != BackendDuty.Serve
            ? new(Subject(was), null, Effect.Stays, "stays: keeps its connections")
            : new(Subject(was), null, Effect.Stays, $"keeps its connections, and gets no new ones: {next.Reason}");
    }

    private Subject Upstream => new(SubjectKind.Upstream, upstream);

    private Subject Subject(string id) => new(SubjectKind.Backend, $"{upstream}/{id}");

    private string DrainText =>
        Deadline > TimeSpan.Zero
            ? $"drains for {Configuration.DurationText.Format(Deadline)}: established connections have until then"
            : $"goes: {Rest}";

    private string Rest => Deadlines.Text(Deadline);

    private TimeSpan Deadline =>
        new[] { after, before }
            .Select(state => state.UpstreamSection.ByUpstream.Of(upstream).Select(view => view.Drain.Deadline).ToList())
            .First(deadlines => deadlines.Count > 0)
            .Max();

    private bool IsUsed(DerivedState state) => state.UpstreamSection.ByUpstream.Any(upstream);

    private string Count(DerivedState state)
    {
        var count = state.ViewsOf(upstream).Max(view => view.Plane.Backends.Count);
        return count == 1 ? "1 backend" : $"{count} backends";
    }

    // Those who look at the upstream may see a backend differently: it works for whom it serves.
    private Seen? Find(DerivedState state, string id) =>
        state
            .ViewsOf(upstream)
            .SelectMany(view => view.Plane.Backends.Zip(view.Facts, (backend, fact) => new Seen(backend, fact.Reason)))
            .Where(seen => seen.Backend.Id == id)
            .MinBy(seen => seen.Backend.Duty);

    private sealed record Seen(PlaneBackend Backend, Reason Reason);
}
