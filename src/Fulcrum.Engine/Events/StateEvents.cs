using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Events;
using Fulcrum.Model.Overrides;

namespace Fulcrum.Engine.Events;

/// <summary>
/// What is worth telling of the difference between two decisions; costs what the difference costs. What comes with a
/// service that is new, and goes with one that is gone, is not told again for each backend.
/// </summary>
internal static class StateEvents
{
    public static List<NodeEvent> Between(DerivedState before, DerivedState after)
    {
        var events = new List<NodeEvent>();
        OfServices(before, after, events);
        OfBackends(before, after, events);
        OfVips(before, after, events);
        OfOverrides(before, after, events);
        events.AddRange(CertificateEvents.Between(before, after));
        return events;
    }

    private static void OfServices(DerivedState before, DerivedState after, List<NodeEvent> events)
    {
        foreach (var (name, old, now) in after.Services.ChangesSince(before.Services))
        {
            var (from, to) = (old is null ? null : Words.Of(old.Verdict), now is null ? null : Words.Of(now.Verdict));
            if (from != to)
            {
                var text = now?.Reason.Text ?? "it is not configured any more";
                events.Add(
                    new(EventKind.Service, new(SubjectKind.Service, name), from, to, text)
                    {
                        IsBad = now?.Verdict == Verdict.Unhealthy,
                    }
                );
            }
        }
    }

    private static void OfBackends(DerivedState before, DerivedState after, List<NodeEvent> events)
    {
        var told = new HashSet<(string Upstream, string Id)>();
        foreach (var (view, old, now) in after.UpstreamSection.Views.ChangesSince(before.UpstreamSection.Views))
        {
            // A policy that changed makes another view of the same upstream.
            if (now is not null && (old ?? before.ViewsOf(view.Upstream).FirstOrDefault()) is { } was)
            {
                OfView(view.Upstream, was, now, told, events);
            }
        }
    }

    private static void OfView(
        string upstream,
        DerivedUpstream was,
        DerivedUpstream now,
        HashSet<(string Upstream, string Id)> told,
        List<NodeEvent> events
    )
    {
        Dictionary<string, int>? places = null;
        var met = 0;
        for (var i = 0; i < now.Facts.Count; i++)
        {
            var at = i < was.Facts.Count && was.Facts[i].Id == now.Facts[i].Id ? i : PlaceOf(now.Facts[i].Id);
            met += at is null ? 0 : 1;
            if (
                at is { } place
                && ReferenceEquals(was.Facts[place], now.Facts[i])
                && ReferenceEquals(was.Plane.Backends[place], now.Plane.Backends[i])
            )
            {
                continue;
            }

            Tell(
                now.Facts[i].Id,
                at is { } known ? WordOf(was, known) : null,
                WordOf(now, i),
                now.Facts[i].Reason.Text
            );
        }

        if (met < was.Facts.Count)
        {
            var present = now.Facts.AsEnumerable().Select(fact => fact.Id).ToHashSet(StringComparer.Ordinal);
            for (var i = 0; i < was.Facts.Count; i++)
            {
                if (!present.Contains(was.Facts[i].Id))
                {
                    Tell(was.Facts[i].Id, WordOf(was, i), null, "it is no member any more");
                }
            }
        }

        void Tell(string id, string? from, string? to, string text)
        {
            if (from != to && told.Add((upstream, id)))
            {
                events.Add(
                    new(EventKind.Backend, Membership.SubjectOf(upstream, id), from, to, text)
                    {
                        IsBad = to == SeenBackend.Unhealthy,
                    }
                );
            }
        }

        int? PlaceOf(string id)
        {
            if (places is null)
            {
                places = new(StringComparer.Ordinal);
                for (var i = 0; i < was.Facts.Count; i++)
                {
                    places.TryAdd(was.Facts[i].Id, i);
                }
            }

            return places.TryGetValue(id, out var place) ? place : null;
        }
    }

    private static string WordOf(DerivedUpstream view, int at) =>
        SeenBackend.WordOf(view.Plane.Backends[at].Duty, view.Facts[at].Verdict);

    private static void OfVips(DerivedState before, DerivedState after, List<NodeEvent> events)
    {
        foreach (var (name, old, now) in after.Vips.ChangesSince(before.Vips))
        {
            if (old?.State != now?.State)
            {
                events.Add(
                    new(
                        EventKind.Vip,
                        new(SubjectKind.Vip, name),
                        old is null ? null : Words.Of(old.State),
                        now is null ? null : Words.Of(now.State),
                        now?.Reason.Text ?? "it is not configured any more"
                    )
                    {
                        IsBad = now?.State is VipState.Down or VipState.Withdrawing,
                    }
                );
            }
        }
    }

    private static void OfOverrides(DerivedState before, DerivedState after, List<NodeEvent> events)
    {
        foreach (var (target, old, now) in after.Inputs.Overrides.ChangesSince(before.Inputs.Overrides))
        {
            var text = now is null
                ? "it is in force no more"
                : $"by {now.Owner}{(now.Reason is { } why ? $": {why}" : "")}";
            events.Add(
                new(EventKind.Override, new(SubjectKind.Override, target.ToString()), WordOf(old), WordOf(now), text)
            );
        }
    }

    private static string? WordOf(Override? decision) =>
        decision is null ? null
        : decision.Weight is { } weight ? $"weight {weight}"
        : Words.Of(decision.Action);
}
