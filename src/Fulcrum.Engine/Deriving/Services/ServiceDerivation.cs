using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>Decides whether a service is carried, by which plane, and what that plane is told.</summary>
internal static class ServiceDerivation
{
    /// <summary>How each listener sees the upstream; nothing when the file has the service disabled.</summary>
    public static Items<UpstreamView> ViewsOf(EngineInputs inputs, Service? service)
    {
        if (service?.Upstream is not { } name || !ServiceSwitch.IsMeant(inputs, service))
        {
            return [];
        }

        var snapshot = inputs.Snapshot;
        var farther = PolicyOf(snapshot, service);
        var drain = SessionsOf(snapshot, service).Drain;
        return Items.From(
            service.Listeners.Select(listener =>
            {
                var policy = listener.Policy.Over(farther);
                return new UpstreamView(
                    name,
                    policy,
                    listener.Ports.IsSingle ? listener.Ports.First : null,
                    drain,
                    Questions.GoThroughThePlane(policy) ? listener.OwnAddress : null
                );
            })
        );
    }

    /// <summary>The decision; null: nothing is left of the service.</summary>
    /// <param name="vips">What was decided about the vips without those that leave; null: nothing yet.</param>
    public static DerivedService? Derive(
        EngineInputs inputs,
        string name,
        Items<UpstreamView> views,
        UpstreamSection upstreams,
        DerivedService? before,
        VipSection? vips,
        LedgerDraft numbers,
        DateTimeOffset now
    )
    {
        var service = inputs.Snapshot.Services.Find(name);
        var (off, wakeAt) = ServiceSwitch.WhyOff(inputs, service, now);
        var after =
            off is null ? Carry(inputs, service!, views, upstreams, before, numbers, now)
            : Withdrawal.HoldsBack(inputs, service, before, off, vips) is { } leaving ? leaving with { Views = views }
            : service is null ? null
            : NotCarried(service, views, off);
        after = after is null ? null : after with { WakeAt = wakeAt < after.WakeAt ? wakeAt : after.WakeAt ?? wakeAt };
        return after == before ? before : after;
    }

    private static DerivedService Carry(
        EngineInputs inputs,
        Service service,
        Items<UpstreamView> views,
        UpstreamSection upstreams,
        DerivedService? before,
        LedgerDraft numbers,
        DateTimeOffset now
    )
    {
        var behind = views.Select(view => upstreams.Views[view]!).ToList();
        if (Choice.Of(inputs.Planes, service, views, before) is not { } carrier)
        {
            var others = views.All(view => view.Policy.Forward == Forwarding.None);
            return others && behind.Count > 0
                ? NotCarried(service, views, behind.MaxBy(Badness)!.Reason) with
                {
                    Verdict = behind.MaxBy(Badness)!.Verdict,
                }
                : NotCarried(service, views, new NoPlane(Choice.Wanted(service, views)));
        }

        var listeners = new List<PlaneListener>(behind.Count);
        for (var i = 0; i < behind.Count; i++)
        {
            var listener = new PlaneListener
            {
                Listener = service.Listeners[i],
                Balance = views[i].Policy.Balance ?? Balance.Default,
                Persist = views[i].Policy.Persist,
                Upstream = behind[i].Plane,
            };
            var was = before?.Plane?.Listeners is { } old && i < old.Count ? old[i] : null;
            listeners.Add(was == listener ? was : listener);
        }

        var isMarked = service.Together && carrier != PlaneKind.Proxy;
        var mark = isMarked ? numbers.Take(new(NumberKind.ServiceMark, service.Name)) : null;
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
            Together = service.Together,
            Mark = mark,
        };
        var worst = behind.MaxBy(Badness);
        return new()
        {
            Service = service,
            Carrier = carrier,
            Plane = before?.Plane == plane ? before.Plane : plane,
            Views = views,
            Verdict = worst?.Verdict ?? Verdict.Unhealthy,
            Reason = new LeadsTo(service.Upstream!, worst?.Verdict ?? Verdict.Unhealthy),
        };
    }

    private static DerivedService NotCarried(Service service, Items<UpstreamView> views, Reason reason) =>
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

    private static Policy PolicyOf(Snapshot snapshot, Service service) =>
        service.Policy.Over(snapshot.Upstreams.Find(service.Upstream!)!.Policy).Over(snapshot.Defaults.Policy);

    private static SessionOptions SessionsOf(Snapshot snapshot, Service service) =>
        service.Sessions ?? snapshot.Defaults.Sessions ?? SessionOptions.Default;
}
