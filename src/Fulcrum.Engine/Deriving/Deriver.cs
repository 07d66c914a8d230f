using System.Collections.Immutable;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>
/// Every decision in one pure place (design laws 1 and 2): no clock, no I/O, no randomness. The inputs, what was
/// decided before and the time go in; what shall be so comes out. An unchanged input gives back the same object,
/// so that those who carry it out compare references to find what is new.
/// </summary>
public static class Deriver
{
    public static Derivation Derive(EngineInputs inputs, DerivedState previous, DateTimeOffset now)
    {
        _ = now;
        if (ReferenceEquals(inputs, previous.Inputs))
        {
            return new(previous.Desired, previous, null);
        }

        var upstreams = ImmutableDictionary.CreateBuilder<UpstreamView, DerivedUpstream>();
        var services = new List<PlaneService>(inputs.Snapshot.Services.Count);
        var byListener = new List<Items<DerivedUpstream>>(inputs.Snapshot.Services.Count);
        foreach (var service in inputs.Snapshot.Services)
        {
            if (service.Enabled)
            {
                var (planeService, behind) = DeriveService(inputs, previous, upstreams, service);
                services.Add(planeService);
                byListener.Add(behind);
            }
        }

        var desired = new Desired
        {
            Proxy = Settle(previous.Desired.Proxy, services),
            Probes = Settle(previous.Desired.Probes, Items.From(upstreams.Values.SelectMany(u => u.Probes).Distinct())),
            Names = Settle(previous.Desired.Names, NamesOf(inputs)),
        };
        var next = new DerivedState
        {
            Inputs = inputs,
            Desired = desired,
            Upstreams = upstreams.ToImmutable(),
            ByListener = Items.From(byListener),
        };
        return new(desired, next, null);
    }

    private static (PlaneService Service, Items<DerivedUpstream> ByListener) DeriveService(
        EngineInputs inputs,
        DerivedState previous,
        ImmutableDictionary<UpstreamView, DerivedUpstream>.Builder upstreams,
        Service service
    )
    {
        var snapshot = inputs.Snapshot;
        var upstream = snapshot.Upstreams.Find(service.Upstream!)!;
        var farther = service.Policy.Over(upstream.Policy).Over(snapshot.Defaults.Policy);
        var listeners = new List<PlaneListener>(service.Listeners.Count);
        var byListener = new List<DerivedUpstream>(service.Listeners.Count);
        foreach (var listener in service.Listeners)
        {
            var policy = listener.Policy.Over(farther);
            var view = UpstreamView.Of(upstream.Name, policy, listener);
            if (!upstreams.TryGetValue(view, out var derived))
            {
                derived = UpstreamDerivation.Derive(inputs, upstream, policy, view.ListenerPort);
                if (previous.Upstreams.TryGetValue(view, out var before))
                {
                    derived = derived with { Plane = Settle(before.Plane, derived.Plane) };
                }

                upstreams.Add(view, derived);
            }

            byListener.Add(derived);
            listeners.Add(
                new()
                {
                    Listener = listener,
                    Balance = policy.Balance ?? Balance.Default,
                    Upstream = derived.Plane,
                }
            );
        }

        var derivedService = new PlaneService
        {
            Name = service.Name,
            Listeners = Items.From(listeners),
            Sessions = service.Sessions ?? snapshot.Defaults.Sessions ?? SessionOptions.Default,
            Client = service.Client,
        };
        return (derivedService, Items.From(byListener));
    }

    private static Items<string> NamesOf(EngineInputs inputs) =>
        Items.From(
            inputs
                .Snapshot.Upstreams.SelectMany(upstream => upstream.Backends)
                .Where(backend => backend.Address.Name is not null)
                .Select(backend => backend.Address.Name!)
                .Distinct(StringComparer.Ordinal)
        );

    private static PlaneTable Settle(PlaneTable before, List<PlaneService> services)
    {
        var old = new Dictionary<string, PlaneService>(before.Services.Count, StringComparer.Ordinal);
        foreach (var service in before.Services)
        {
            old[service.Name] = service;
        }

        for (var i = 0; i < services.Count; i++)
        {
            if (old.TryGetValue(services[i].Name, out var was))
            {
                services[i] = Settle(was, services[i]);
            }
        }

        var items = Items.From(services);
        return items == before.Services ? before : new(before.Generation + 1, items);
    }

    private static T Settle<T>(T before, T after) => EqualityComparer<T>.Default.Equals(before, after) ? before : after;
}
