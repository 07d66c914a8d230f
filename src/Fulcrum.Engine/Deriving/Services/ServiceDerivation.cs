using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>Decides whether a service is carried, by which plane, and what that plane is told.</summary>
internal static class ServiceDerivation
{
    /// <summary>How each listener sees its upstreams; nothing when the file has the service disabled.</summary>
    public static ServiceViews ViewsOf(EngineInputs inputs, Service? service, Reaches reaches)
    {
        if (service is null || !ServiceSwitch.IsMeant(inputs, service))
        {
            return ServiceViews.None;
        }

        var snapshot = inputs.Snapshot;
        var reach = reaches.Of(service);
        var upstreams = reach.Upstreams;
        if (reach.Paths.Count == 0)
        {
            return ServiceViews.None;
        }

        var policies = upstreams.Select(name => PolicyOf(snapshot, service, name)).ToList();
        var drain = SessionsOf(snapshot, service).Drain;
        return new(
            Items.From(
                service.Listeners.Select(listener =>
                    Items.From(upstreams.Zip(policies, (name, farther) => ViewOf(listener, name, farther, drain)))
                )
            )
        );
    }

    /// <summary>The decision; null: nothing is left of the service.</summary>
    /// <param name="vips">What was decided about the vips without those that leave; null: nothing yet.</param>
    public static DerivedService? Derive(
        EngineInputs inputs,
        string name,
        ServiceViews views,
        UpstreamSection upstreams,
        Reaches reaches,
        DerivedService? before,
        VipSection? vips,
        LedgerDraft numbers,
        DateTimeOffset now
    )
    {
        var service = inputs.Snapshot.Services.Find(name);
        var (off, wakeAt) = ServiceSwitch.WhyOff(inputs, service, now);
        var after =
            off is null ? Carry(inputs, service!, views, upstreams, reaches.Of(service!), before, numbers, now)
            : Withdrawal.HoldsBack(inputs, service, before, off, vips) is { } leaving ? leaving with { Views = views }
            : service is null ? null
            : NotCarried(service, views, off);
        after = after is null ? null : after with { WakeAt = wakeAt < after.WakeAt ? wakeAt : after.WakeAt ?? wakeAt };
        return after == before ? before : after;
    }

    private static DerivedService Carry(
        EngineInputs inputs,
        Service service,
        ServiceViews views,
        UpstreamSection upstreams,
        Reach reach,
        DerivedService? before,
        LedgerDraft numbers,
        DateTimeOffset now
    )
    {
        if (views.All.IsEmpty)
        {
            return NotCarried(service, views, new LeadsNowhere());
        }

        if (Choice.Of(inputs, service, views.All, before) is not { } carrier)
        {
            var others = views.All.All(view => view.Policy.Forward == Forwarding.None);
            return others && Decisive(views, upstreams, reach) is var (_, behind) && behind is not null
                ? NotCarried(service, views, behind.Reason) with
                {
                    Verdict = behind.Verdict,
                }
                : NotCarried(service, views, Choice.None(inputs, service, views.All));
        }

        var usual = inputs.Planes.First(plane => plane.Kind == carrier).UsualBalance;
        var listeners = new List<PlaneListener>(views.ByListener.Count);
        for (var i = 0; i < views.ByListener.Count; i++)
        {
            var needsMark = ServiceMarks.IsNeeded(service, service.Listeners[i], carrier);
            var ownMark = needsMark ? numbers.Take(ServiceMarks.Of(service.Name, service.Listeners[i])) : null;
            if (needsMark && ownMark is null)
            {
                return NotCarried(service, views, new NoNumber()) with { WakeAt = now + Numbering.AskAgainAfter };
            }

            var listener = new PlaneListener
            {
                Listener = service.Listeners[i],
                Mark = ownMark,
                Destinations = Items.From(
                    views
                        .ByListener[i]
                        .Select(view => new PlaneDestination(
                            view.Policy.Balance ?? usual,
                            upstreams.Views[view]!.Plane,
                            view.Policy.Persist
                        )
                        {
                            Forward = view.Policy.Forward ?? Forwarding.Proxy,
                        })
                ),
                Routes = reach.Routes,
            };
            var was = before?.Plane?.Listeners is { } old && i < old.Count ? old[i] : null;
            listeners.Add(was == listener ? was : listener);
        }

        var isMarked = service.Together && carrier == PlaneKind.Ipvs;
        var mark = isMarked ? numbers.Take(ServiceMarks.Of(service)) : null;
        if (isMarked && mark is null)
        {
            return NotCarried(service, views, new NoNumber()) with { WakeAt = now + Numbering.AskAgainAfter };
        }

        var plane = new PlaneService
        {
            Name = service.Name,
            Listeners = Items.From(listeners),
            Sessions = SessionsOf(inputs.Snapshot, service),
            Client = service.Client,
            AccessLog = service.AccessLog,
            Tls = TlsOf(inputs.Snapshot, service),
            Together = service.Together,
            Mark = mark,
        };
        var (upstream, decisive) = Decisive(views, upstreams, reach);
        var verdict = decisive?.Verdict ?? Verdict.Unhealthy;
        return new()
        {
            Service = service,
            Carrier = carrier,
            Plane = before?.Plane == plane ? before.Plane : plane,
            Views = views,
            Verdict = verdict,
            Reason = new LeadsTo(upstream, verdict),
        };
    }

    /// <summary>
    /// What the service is as well as: the worst of its listeners, each of which is as well as the best of the ways that
    /// clients may take by it; while one works, somebody is served. A way is as well as the worst upstream on it.
    /// </summary>
    private static (string Upstream, DerivedUpstream? Derived) Decisive(
        ServiceViews views,
        UpstreamSection upstreams,
        Reach reach
    ) =>
        views
            .ByListener.Select(listener =>
                reach
                    .Paths.Select(path =>
                        path.Select(place => (listener[place].Upstream, Derived: upstreams.Views[listener[place]]))
                            .MaxBy(one => Badness(one.Derived!))
                    )
                    .MinBy(one => Badness(one.Derived!))
            )
            .MaxBy(one => one.Derived is null ? int.MaxValue : Badness(one.Derived));

    private static UpstreamView ViewOf(Listener listener, string upstream, Policy farther, DrainOptions drain)
    {
        var policy = listener.Policy.Over(farther);
        return new UpstreamView(
            upstream,
            policy,
            listener.Ports is { IsSingle: true, First: > 0 } ? listener.Ports.First : null,
            drain,
            Questions.GoThroughThePlane(policy) ? listener.OwnAddress : null
        );
    }

    private static DerivedService NotCarried(Service service, ServiceViews views, Reason reason) =>
        new()
        {
            Service = service,
            Carrier = null,
            Plane = null,
            Views = views,
            Verdict = Verdict.Unhealthy,
            Reason = reason,
        };

    private static int Badness(DerivedUpstream upstream) =>
        upstream.Verdict switch
        {
            Verdict.Healthy => 0,
            Verdict.Unknown => 1,
            _ => 2,
        };

    private static Policy PolicyOf(Snapshot snapshot, Service service, string upstream) =>
        service.Policy.Over(snapshot.Upstreams.Find(upstream)!.Policy).Over(snapshot.Defaults.Policy);

    private static TlsTermination? TlsOf(Snapshot snapshot, Service service) =>
        service.Tls is { Tickets: null } tls && snapshot.Defaults.Tickets is { } tickets
            ? tls with
            {
                Tickets = tickets,
            }
            : service.Tls;

    private static SessionOptions SessionsOf(Snapshot snapshot, Service service) =>
        service.Sessions ?? snapshot.Defaults.Sessions ?? SessionOptions.Default;
}
