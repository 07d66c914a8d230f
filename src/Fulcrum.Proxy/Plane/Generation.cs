using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// A table made ready for the loops: every address with its plan, every service with its counters. Immutable, and what
/// did not change is the generation's before it, so that a step from one to the next costs what differs.
/// </summary>
internal sealed record Generation
{
    public static readonly Generation Empty = new()
    {
        Number = 0,
        Table = PlaneTable.Empty.Services,
        Services = Map<string, ServiceEntry>.Empty,
        Fading = Map<string, ServiceEntry>.Empty,
        Bindings = Map<BindingKey, Binding>.Empty,
        Closing = Map<BindingKey, ListenerSockets>.Empty,
    };

    public required long Number { get; init; }

    /// <summary>What it was made from.</summary>
    public required Map<string, PlaneService> Table { get; init; }

    /// <summary>Those of the table, and those that are gone from it but still have sessions.</summary>
    public required Map<string, ServiceEntry> Services { get; init; }

    /// <summary>The services which are gone or have lost a backend, and have sessions of that: looked at each time.</summary>
    public required Map<string, ServiceEntry> Fading { get; init; }

    public required Map<BindingKey, Binding> Bindings { get; init; }

    /// <summary>Addresses that nobody has any more, whose last sessions still need the sockets.</summary>
    public required Map<BindingKey, ListenerSockets> Closing { get; init; }

    /// <summary>
    /// The same without the services and backends that are gone from the table and have no session. Told only once all
    /// loops work by it: until then one may get its first.
    /// </summary>
    public Generation WithoutEnded()
    {
        var (services, fading) = (Services, Fading);
        foreach (var (name, entry) in Fading)
        {
            var isGone = Table[name] is null;
            var left = isGone && entry.State.Active == 0 ? null : entry.WithoutEnded();
            services = left is null ? services.Without(name) : services.With(name, left);
            fading = left is null || (!isGone && left.Fading.IsEmpty) ? fading.Without(name) : fading.With(name, left);
        }
        return ReferenceEquals(fading, Fading) ? this : this with { Services = services, Fading = fading };
    }
}
