using System.Net;
using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Every view of every upstream, with indices from what it depends on, so that news of one check finds the few views
/// that it matters to.
/// </summary>
internal sealed record UpstreamSection
{
    public static UpstreamSection Initial { get; } = new();

    public Map<UpstreamView, DerivedUpstream> Views { get; init; } = Map<UpstreamView, DerivedUpstream>.Empty;

    public Map<ProbeTask, ProbeTask> Probes { get; init; } = Map<ProbeTask, ProbeTask>.Empty;

    /// <summary>Views by the name of their upstream.</summary>
    public Uses<string, UpstreamView> ByUpstream { get; init; } = Uses<string, UpstreamView>.None;

    private Uses<ProbeTask, UpstreamView> ByTask { get; init; } = Uses<ProbeTask, UpstreamView>.None;

    private Uses<NumberKey, UpstreamView> ByNumber { get; init; } = Uses<NumberKey, UpstreamView>.None;

    private Wakes<UpstreamView> Waiting { get; init; } = Wakes<UpstreamView>.None;

    public DateTimeOffset? WakeAt => Waiting.Earliest;

    /// <summary>The views that news or time may have changed the decision about.</summary>
    public HashSet<UpstreamView> Touched(EngineInputs before, EngineInputs inputs, DateTimeOffset now)
    {
        var touched = Waiting.DueBy(now).ToHashSet();
        foreach (var change in inputs.Snapshot.Upstreams.ChangesSince(before.Snapshot.Upstreams))
        {
            touched.UnionWith(ByUpstream.Of(change.Key));
        }

        foreach (var change in inputs.Members.ChangesSince(before.Members))
        {
            touched.UnionWith(ByUpstream.Of(change.Key));
        }

        foreach (var change in inputs.Health.ChangesSince(before.Health))
        {
            touched.UnionWith(ByTask.Of(change.Key));
        }

        foreach (var change in inputs.Passive.ChangesSince(before.Passive))
        {
            touched.UnionWith(ByUpstream.Of((change.After ?? change.Before!).Upstream));
        }

        foreach (var (target, _, _) in inputs.Overrides.ChangesSince(before.Overrides))
        {
            touched.UnionWith(ViewsUnder(target));
        }

        var names = inputs
            .Names.ChangesSince(before.Names)
            .Select(change => change.Key)
            .ToHashSet(StringComparer.Ordinal);
        if (names.Count > 0)
        {
            touched.UnionWith(Views.Keys.Where(view => NamesAny(inputs, view, names)));
        }

        if (!ReferenceEquals(inputs.Snapshot.Defaults, before.Snapshot.Defaults))
        {
            touched.UnionWith(Views.Keys);
        }

        return touched;
    }

    // Who has a host is not indexed: operators are slow, and looking at every member takes about a millisecond.
    private IEnumerable<UpstreamView> ViewsUnder(OverrideTarget target) =>
        target.Kind switch
        {
            OverrideTargetKind.Upstream => ByUpstream.Of(target.Name),
            // Both names may hold slashes: whoever it may be is looked at.
            OverrideTargetKind.Backend => Membership
                .Splits(target.Name)
                .SelectMany(at => ByUpstream.Of(target.Name[..at])),
            OverrideTargetKind.Host when IPAddress.TryParse(target.Name, out var address) => Views
                .Where(pair => pair.Value.Plane.Backends.Any(backend => address.Equals(backend.Address)))
                .Select(pair => pair.Key),
            _ => [],
        };

    private static bool NamesAny(EngineInputs inputs, UpstreamView view, HashSet<string> names)
    {
        bool IsAny(Backend backend) => backend.Address.Name is { } name && names.Contains(name);
        return inputs.Snapshot.Upstreams.Find(view.Upstream)?.Backends.Any(IsAny) == true
            || inputs.Members[view.Upstream]?.Backends.Any(IsAny) == true;
    }

    /// <summary>Decides anew about one view, which may be a new one.</summary>
    /// <param name="former">
    /// How a new one saw the upstream before its policy changed: it goes on from there. Another mark or another check
    /// must not make it forget who drains, who is put out, and that it was up.
    /// </param>
    public UpstreamSection Decide(
        EngineInputs inputs,
        UpstreamView view,
        UpstreamView? former,
        LedgerDraft numbers,
        DateTimeOffset now
    )
    {
        var before = Views[view];
        var upstream = inputs.Snapshot.Upstreams.Find(view.Upstream)!;
        var after = UpstreamDerivation.Derive(
            new(inputs, upstream, view, numbers),
            before ?? (former is null ? null : Views[former]),
            now
        );
        if (ReferenceEquals(before, after))
        {
            return this;
        }

        var section = this with { Views = Views.With(view, after), Waiting = Waiting.With(view, after.WakeAt) };
        if (before is null)
        {
            section = section with { ByUpstream = ByUpstream.With(view.Upstream, view) };
        }

        return section.Follow(view, before, after, numbers);
    }

    /// <summary>Nobody looks at the upstream in this way any more.</summary>
    public UpstreamSection Drop(UpstreamView view, LedgerDraft numbers) =>
        Views[view] is not { } before
            ? this
            : (
                this with
                {
                    Views = Views.Without(view),
                    Waiting = Waiting.With(view, null),
                    ByUpstream = ByUpstream.Without(view.Upstream, view),
                }
            ).Follow(view, before, null, numbers);

    private UpstreamSection Follow(
        UpstreamView view,
        DerivedUpstream? before,
        DerivedUpstream? after,
        LedgerDraft numbers
    )
    {
        var section = this;
        var (oldTasks, newTasks) = (before?.Probes ?? [], after?.Probes ?? []);
        if (oldTasks != newTasks)
        {
            var byTask = ByTask.Moved(view, oldTasks, newTasks);
            var probes = Probes;
            foreach (var task in newTasks)
            {
                probes = probes.ContainsKey(task) ? probes : probes.With(task, task);
            }

            foreach (var task in oldTasks)
            {
                probes = byTask.Any(task) ? probes : probes.Without(task);
            }

            section = section with { ByTask = byTask, Probes = probes };
        }

        var (oldNumbers, newNumbers) = (before?.Numbers ?? [], after?.Numbers ?? []);
        if (oldNumbers != newNumbers)
        {
            var byNumber = ByNumber.Moved(view, oldNumbers, newNumbers);
            foreach (var number in oldNumbers)
            {
                if (!byNumber.Any(number))
                {
                    numbers.Free(number);
                }
            }

            section = section with { ByNumber = byNumber };
        }

        return section;
    }
}
