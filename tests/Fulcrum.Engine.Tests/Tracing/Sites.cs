using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Tracing;
using Fulcrum.Model;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Tracing;

/// <summary>Configurations of several services, decided; and questions about them.</summary>
internal static class Sites
{
    public static DateTimeOffset Now { get; } = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static Listener Listener(ListenerProtocol protocol, string? address, int first, int? last = null) =>
        new()
        {
            Protocol = protocol,
            Address = address is null ? null : IPAddress.Parse(address),
            Ports = new(first, last ?? first),
        };

    public static Service Service(string name, params Listener[] listeners) =>
        new()
        {
            Name = name,
            Listeners = Items.From(listeners),
            Upstream = "web",
        };

    public static Upstream Upstream(Policy policy, params Backend[] backends) =>
        new()
        {
            Name = "web",
            Backends = Items.From(backends),
            Policy = policy,
        };

    public static Snapshot Snapshot(Upstream upstream, params Service[] services) =>
        Model.Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([upstream]),
            Services = Named<Service>.From(services),
        };

    /// <summary>Services over one backend without checks.</summary>
    public static DerivedState Of(params Service[] services) =>
        Derive(Snapshot(Upstream(Policy.Unset, Snapshots.Backend("10.0.0.1")), services));

    public static DerivedState Derive(Snapshot snapshot) =>
        Derive(EngineInputs.Nothing with { Node = "lb1", Snapshot = snapshot }, DerivedState.Initial);

    public static DerivedState Derive(EngineInputs inputs, DerivedState previous) =>
        Deriver.Derive(inputs, previous, Now).Next;

    public static TraceResult Trace(DerivedState state, TraceProtocol protocol, string source, string destination) =>
        Tracer.Trace(state, new(protocol, IPEndPoint.Parse(source), IPEndPoint.Parse(destination)));

    public static TraceStep Step(this TraceResult result, string asked) =>
        result.Steps.Single(step => step.Asked == asked);
}
