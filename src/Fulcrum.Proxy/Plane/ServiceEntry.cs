using Fulcrum.Model.Values;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Plane;

/// <summary>One service of a generation. Immutable but for the counters in it.</summary>
internal sealed record ServiceEntry(ServiceState State)
{
    /// <summary>Those of the table.</summary>
    public Map<BackendKey, BackendEntry> Backends { get; private init; } = Map<BackendKey, BackendEntry>.Empty;

    /// <summary>Those that are gone from the table but still have sessions.</summary>
    public Map<BackendKey, BackendEntry> Fading { get; private init; } = Map<BackendKey, BackendEntry>.Empty;

    /// <summary>The addresses that it has.</summary>
    public IReadOnlyCollection<BindingKey> Bindings { get; init; } = [];

    /// <summary>What is known of its clients.</summary>
    public ServiceTables Tables { get; init; } = ServiceTables.None;

    /// <summary>How long sessions may go on when what they need is gone.</summary>
    public TimeSpan DrainDeadline { get; init; }

    /// <summary>The backend over all generations, while it is in sight.</summary>
    public ServiceBackend? Find(BackendKey key) => (Backends[key] ?? Fading[key])?.State;

    /// <summary>
    /// The same service with these backends. Others stay in sight until <see cref="WithoutEnded"/>: as long as the loops
    /// work by the table before, those may get sessions.
    /// </summary>
    public ServiceEntry With(Map<BackendKey, BackendEntry> backends)
    {
        var fading = Fading;
        foreach (var change in backends.ChangesSince(Backends))
        {
            fading = change.After is null ? fading.With(change.Key, change.Before!) : fading.Without(change.Key);
        }
        foreach (var (key, entry) in fading)
        {
            fading =
                entry.DrainDeadline == DrainDeadline
                    ? fading
                    : fading.With(key, entry with { DrainDeadline = DrainDeadline });
        }
        return ReferenceEquals(backends, Backends)
            ? WithFading(fading)
            : this with
            {
                Backends = backends,
                Fading = fading,
            };
    }

    /// <summary>What is left when the table does not have it.</summary>
    public ServiceEntry Retired() => With(Map<BackendKey, BackendEntry>.Empty) with { Bindings = [] };

    /// <summary>The same without the backends that are gone from the table and from the sessions.</summary>
    public ServiceEntry WithoutEnded()
    {
        var fading = Fading;
        foreach (var (key, entry) in Fading)
        {
            fading = entry.State.Active == 0 ? fading.Without(key) : fading;
        }
        return WithFading(fading);
    }

    private ServiceEntry WithFading(Map<BackendKey, BackendEntry> fading) =>
        ReferenceEquals(fading, Fading) ? this : this with { Fading = fading };
}
