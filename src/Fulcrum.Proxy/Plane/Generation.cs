using Fulcrum.Engine.Ports;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// A table made ready for the loops: every address with its plan, every service with its counters. Immutable.
/// </summary>
internal sealed class Generation
{
    public static readonly Generation Empty = new()
    {
        Number = 0,
        Bindings = new Dictionary<BindingKey, Binding>(),
        Services = new Dictionary<string, ServiceEntry>(StringComparer.Ordinal),
    };

    public required long Number { get; init; }

    public required IReadOnlyDictionary<BindingKey, Binding> Bindings { get; init; }

    public required IReadOnlyDictionary<string, ServiceEntry> Services { get; init; }
}

/// <summary>One service of a generation.</summary>
internal sealed class ServiceEntry
{
    public required ServiceState State { get; init; }

    /// <summary>Its backends, those included which are gone from the table but still have sessions.</summary>
    public required IReadOnlyDictionary<BackendKey, BackendEntry> Backends { get; init; }
}

/// <summary>One backend of a service, as a generation describes it; null when it is gone.</summary>
internal sealed record BackendEntry(ServiceBackend State, PlaneBackend? Backend, TimeSpan DrainDeadline);
