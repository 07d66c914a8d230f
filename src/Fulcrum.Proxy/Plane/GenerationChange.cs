using Fulcrum.Model.Values;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// All that a loop has to do to work by the next generation. Found once for all loops, which look at nothing else: what
/// it costs them does not depend on how much there is.
/// </summary>
internal sealed record GenerationChange(
    IReadOnlyList<MapChange<BackendKey, BackendEntry>> Backends,
    IReadOnlyList<MapChange<BindingKey, Binding>> Bindings
)
{
    public static GenerationChange Between(Generation before, Generation after) =>
        new(
            [
                .. after
                    .Services.ChangesSince(before.Services)
                    .SelectMany(change => BackendsOf(change.After).ChangesSince(BackendsOf(change.Before))),
            ],
            after.Bindings.ChangesSince(before.Bindings)
        );

    private static Map<BackendKey, BackendEntry> BackendsOf(ServiceEntry? service) =>
        service?.Backends ?? Map<BackendKey, BackendEntry>.Empty;
}
