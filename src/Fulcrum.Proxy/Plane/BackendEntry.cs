using Fulcrum.Engine.Ports;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Plane;

/// <summary>One backend of a service, as a generation describes it.</summary>
internal sealed record BackendEntry(ServiceBackend State, PlaneBackend Backend, TimeSpan DrainDeadline);
