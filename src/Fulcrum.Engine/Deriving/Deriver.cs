using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Model.Discovery;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>
/// Every decision in one pure place (design laws 1 and 2): no clock, no I/O, no randomness. The inputs, what was
/// decided before and the time go in; what shall be so comes out, with its reasons.
/// <para>
/// Decisions are made bottom up: views of upstreams, then services, then vips with their addresses and announcements.
/// Inputs and results are <see cref="Map{TKey,TValue}"/>s, which are compared in the time that their difference takes;
/// indices lead from what changed to what depends on it. So news about one backend among 100,000 costs what that
/// backend, its upstream and its services cost, and all else stays the same object.
/// </para>
/// </summary>
public static class Deriver
{
    public static Derivation Derive(EngineInputs inputs, DerivedState previous, DateTimeOffset now)
    {
        if (ReferenceEquals(inputs, previous.Inputs) && !(previous.WakeAt <= now))
        {
            return new(previous.Desired, previous, previous.WakeAt);
        }

        var before = previous.Inputs;
        var numbers = new LedgerDraft(previous.Ledger, now);
        var upstreams = previous.UpstreamSection;
        var services = previous.ServiceSection;
        var reaches = new Reaches(inputs.Snapshot);
        var touched = services.Touched(before, inputs, upstreams, now);
        var views = upstreams.Touched(before, inputs, now);
        var former = new Dictionary<UpstreamView, UpstreamView>();
        services = Lead(inputs, services, upstreams, reaches, touched, views, former);
        upstreams = DecideViews(inputs, services, upstreams, touched, views, former, numbers, now);
        services = DecideServices(inputs, services, upstreams, reaches, touched, null, numbers, now);
        var vips = previous.VipSection.Next(before, inputs, previous.ServiceSection.Services, services.Services, now);
        if (services.IsAnybodyLeaving)
        {
            // Now that the vips were decided without them, those may go whose addresses others keep.
            var held = services.Services;
            services = DecideServices(inputs, services, upstreams, reaches, services.LeavingNames, vips, numbers, now);
            vips = vips.Next(inputs, inputs, held, services.Services, now);
        }

        services = services.Numbered(previous.ServiceSection.Planes, inputs.Snapshot);

        var next = new DerivedState
        {
            Inputs = inputs,
            UpstreamSection = upstreams,
            ServiceSection = services,
            VipSection = vips,
            CertificateSection = previous.CertificateSection.Next(before, inputs, now),
            Ledger = numbers.Finish(),
        };
        next = next with { Desired = Collect(next, previous.Desired, before) };
        return new(next.Desired, next, next.WakeAt);
    }

    private static ServiceSection Lead(
        EngineInputs inputs,
        ServiceSection services,
        UpstreamSection upstreams,
        Reaches reaches,
        HashSet<string> touched,
        HashSet<UpstreamView> views,
        Dictionary<UpstreamView, UpstreamView> former
    )
    {
        foreach (var name in touched)
        {
            var had = services.Services[name]?.Views.All ?? [];
            var wanted = ServiceDerivation.ViewsOf(inputs, inputs.Snapshot.Services.Find(name), reaches).All;
            if (wanted == had)
            {
                continue;
            }

            services = services.Lead(name, wanted);
            views.UnionWith(had);
            foreach (var view in wanted)
            {
                if (!upstreams.Views.ContainsKey(view))
                {
                    views.Add(view);
                    if (had.FirstOrDefault(view.IsLike) is { } like)
                    {
                        former[view] = like;
                    }
                }
            }
        }

        return services;
    }

    private static UpstreamSection DecideViews(
        EngineInputs inputs,
        ServiceSection services,
        UpstreamSection upstreams,
        HashSet<string> touched,
        HashSet<UpstreamView> views,
        Dictionary<UpstreamView, UpstreamView> former,
        LedgerDraft numbers,
        DateTimeOffset now
    )
    {
        // What goes is dropped last: who follows it looks at it.
        foreach (var view in views.Where(services.Uses))
        {
            var decided = upstreams.Decide(inputs, view, former.GetValueOrDefault(view), numbers, now);
            if (!ReferenceEquals(decided, upstreams))
            {
                upstreams = decided;
                touched.UnionWith(services.UsersOf(view));
            }
        }

        foreach (var view in views.Where(view => !services.Uses(view)))
        {
            upstreams = upstreams.Drop(view, numbers);
        }

        return upstreams;
    }

    private static ServiceSection DecideServices(
        EngineInputs inputs,
        ServiceSection services,
        UpstreamSection upstreams,
        Reaches reaches,
        HashSet<string> touched,
        VipSection? vips,
        LedgerDraft numbers,
        DateTimeOffset now
    )
    {
        foreach (var name in touched)
        {
            var views = ServiceDerivation.ViewsOf(inputs, inputs.Snapshot.Services.Find(name), reaches);
            var before = services.Services[name];
            var after = ServiceDerivation.Derive(inputs, name, views, upstreams, reaches, before, vips, numbers, now);
            services = services.With(name, after, numbers);
        }

        return services;
    }

    private static Desired Collect(DerivedState state, Desired before, EngineInputs inputsBefore)
    {
        var desired = new Desired
        {
            Planes = state.ServiceSection.Planes,
            Probes = state.UpstreamSection.Probes,
            Names = NamesOf(state.Inputs, inputsBefore, before.Names),
            Discoveries = DiscoveriesOf(state.Inputs, inputsBefore, before.Discoveries),
            Interfaces = InterfacesOf(state.Inputs, inputsBefore, before.Interfaces),
            Addresses = state.VipSection.Addresses,
            Announcements = state.VipSection.Announcements,
        };
        return desired.IsSameAs(before) ? before : desired;
    }

    // Those of a node that stops stay, and so do its own addresses on them.
    private static Map<string, Interface> InterfacesOf(
        EngineInputs inputs,
        EngineInputs inputsBefore,
        Map<string, Interface> before
    ) =>
        ReferenceEquals(inputs.Snapshot.Interfaces, inputsBefore.Snapshot.Interfaces)
            ? before
            : Map<string, Interface>.From(
                inputs.Snapshot.Interfaces.Select(item => KeyValuePair.Create(item.Name, item))
            );

    private static Map<string, string> NamesOf(
        EngineInputs inputs,
        EngineInputs inputsBefore,
        Map<string, string> before
    )
    {
        if (!MayNameOthers(inputs, inputsBefore))
        {
            return before;
        }

        var wanted = inputs
            .Snapshot.Upstreams.SelectMany(upstream => upstream.Backends)
            .Concat(inputs.Members.Values.SelectMany(members => members.Backends))
            .Select(backend => backend.Address.IsPath ? null : backend.Address.Name)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        var names = before;
        foreach (var name in wanted)
        {
            names = names.ContainsKey(name) ? names : names.With(name, name);
        }

        foreach (var name in before.Keys.Where(name => !wanted.Contains(name)))
        {
            names = names.Without(name);
        }

        return names;
    }

    private static bool MayNameOthers(EngineInputs inputs, EngineInputs before)
    {
        bool HasNames(Items<Backend>? backends) =>
            backends?.Any(backend => backend.Address is { Name: not null, IsPath: false }) == true;
        return inputs
                .Snapshot.Upstreams.ChangesSince(before.Snapshot.Upstreams)
                .Any(change => HasNames(change.Before?.Backends) || HasNames(change.After?.Backends))
            || inputs
                .Members.ChangesSince(before.Members)
                .Any(change => HasNames(change.Before?.Backends) || HasNames(change.After?.Backends));
    }

    private static Map<string, DiscoverySpec> DiscoveriesOf(
        EngineInputs inputs,
        EngineInputs inputsBefore,
        Map<string, DiscoverySpec> before
    )
    {
        foreach (var change in inputs.Snapshot.Upstreams.ChangesSince(inputsBefore.Snapshot.Upstreams))
        {
            before = change.After?.Discover is { } discovery
                ? before.With(change.Key, discovery)
                : before.Without(change.Key);
        }

        return before;
    }
}
