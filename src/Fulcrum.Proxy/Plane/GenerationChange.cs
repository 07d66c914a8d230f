using Fulcrum.Model.Values;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// All that a loop has to do to work by the next generation. Found once for all loops, which look at nothing else: what
/// it costs them does not depend on how much there is.
/// </summary>
internal sealed record GenerationChange(
    IReadOnlyList<MapChange<BackendKey, BackendEntry>> Backends,
    IReadOnlyList<MapChange<BackendKey, BackendEntry>> Fading,
    IReadOnlyList<MapChange<BindingKey, Binding>> Bindings
)
{
    public static GenerationChange Between(Generation before, Generation after)
    {
        var services = after.Services.ChangesSince(before.Services);
        return new(
            In(services, service => service.Backends),
            In(services, service => service.Fading),
            after.Bindings.ChangesSince(before.Bindings)
        );
    }

    private static List<MapChange<BackendKey, BackendEntry>> In(
        IReadOnlyList<MapChange<string, ServiceEntry>> services,
        Func<ServiceEntry, Map<BackendKey, BackendEntry>> part
    )
    {
        return [.. services.SelectMany(change => PartOf(change.After).ChangesSince(PartOf(change.Before)))];

        Map<BackendKey, BackendEntry> PartOf(ServiceEntry? service) =>
            service is null ? Map<BackendKey, BackendEntry>.Empty : part(service);
    }
}
