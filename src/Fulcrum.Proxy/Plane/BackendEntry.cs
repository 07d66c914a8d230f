using Fulcrum.Engine.Ports;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Plane;

/// <summary>One backend of a service, as a generation describes it.</summary>
/// <param name="State">What outlives generations.</param>
/// <param name="Backend">What may be done with it.</param>
/// <param name="SuccessRate">How many connections have to succeed; null: that does not matter.</param>
/// <param name="DrainDeadline">How long sessions have when it goes.</param>
internal sealed record BackendEntry(
    ServiceBackend State,
    PlaneBackend Backend,
    SuccessRate? SuccessRate,
    TimeSpan DrainDeadline
);
