using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Tracing;

/// <summary>A listener of a service.</summary>
/// <param name="Service">Whose it is.</param>
/// <param name="Listener">As the plane has it, or as it is configured when no plane does.</param>
/// <param name="Plane">Where its connections go; null: nothing carries it.</param>
/// <param name="Forward">What happens to its packets; null: not known any more.</param>
internal sealed record ListenerHit(DerivedService Service, Listener Listener, PlaneListener? Plane, Forwarding? Forward)
{
    /// <summary>It takes packets, or others do for it.</summary>
    public bool IsLive => Plane is not null || Forward == Forwarding.None;

    public string Name => Service.Service.Name;

    public override string ToString() => $"{Listener} of service/{Name}";

    /// <summary>Every listener of the service.</summary>
    public static IEnumerable<ListenerHit> Of(DerivedService service)
    {
        var count = service.Plane?.Listeners.Count ?? service.Service.Listeners.Count;
        for (var i = 0; i < count; i++)
        {
            var plane = service.Plane?.Listeners[i];
            Forwarding? forward =
                i < service.Views.ByListener.Count
                    ? service.Views.ByListener[i][0].Policy.Forward ?? Forwarding.Proxy
                    : null;
            yield return new(service, plane?.Listener ?? service.Service.Listeners[i], plane, forward);
        }
    }
}
