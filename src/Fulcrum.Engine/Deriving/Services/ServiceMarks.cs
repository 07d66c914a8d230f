using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>
/// Planes in the kernel know a service by address and port; several ports, and listeners that belong together, by a
/// firewall mark.
/// </summary>
internal static class ServiceMarks
{
    public static NumberKey Of(Service service) => new(NumberKind.ServiceMark, service.Name);

    public static NumberKey Of(string service, Listener listener) =>
        new(NumberKind.ServiceMark, $"{service}/{listener}");

    /// <summary>The listener is to have one of its own.</summary>
    public static bool IsNeeded(Service service, Listener listener, PlaneKind carrier) =>
        carrier == PlaneKind.Ipvs
        && !service.Together
        && listener is { OwnAddress: not null, Mark: null, Ports: not { IsSingle: true, First: > 0 } };

    /// <summary>All that a service has.</summary>
    public static IReadOnlyCollection<NumberKey> Of(PlaneService? service)
    {
        var marks = new List<NumberKey>();
        if (service?.Mark is not null)
        {
            marks.Add(new(NumberKind.ServiceMark, service.Name));
        }

        foreach (var listener in service?.Listeners ?? [])
        {
            if (listener.Mark is not null)
            {
                marks.Add(Of(service!.Name, listener.Listener));
            }
        }

        return marks;
    }
}
