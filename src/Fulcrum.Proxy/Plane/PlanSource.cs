using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Tls;

namespace Fulcrum.Proxy.Plane;

/// <summary>What a plan is made from: while these are the same objects, so is the plan.</summary>
internal readonly record struct PlanSource(
    PlaneListener Listener,
    SessionOptions Sessions,
    ClientRules Client,
    AccessLog? Log,
    TlsTermination? Tls,
    bool Together
)
{
    public static PlanSource Of(PlaneService service, int listener) =>
        new(
            service.Listeners[listener],
            service.Sessions,
            service.Client,
            service.AccessLog,
            service.Tls,
            service.Together
        );

    public bool IsSameAs(PlanSource other) =>
        ReferenceEquals(Listener, other.Listener)
        && ReferenceEquals(Sessions, other.Sessions)
        && ReferenceEquals(Client, other.Client)
        && ReferenceEquals(Log, other.Log)
        && Tls == other.Tls
        && Together == other.Together;
}
