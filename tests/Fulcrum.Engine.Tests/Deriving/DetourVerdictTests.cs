using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Deriving;

/// <summary>A service is as well as the best way that clients may take, and a way as well as the worst on it.</summary>
public sealed class DetourVerdictTests
{
    private static readonly Route Plain = new() { Action = new ToUpstream("web") };
    private static readonly Route Filtered = Plain with { Ingress = ["scan"] };
    private static readonly Route Copied = Plain with { Egress = ["copy"] };

    [Fact]
    public void Who_must_pass_a_filter_that_is_down_is_not_served() =>
        Assert.Equal((Verdict.Unhealthy, "its upstream filter is unhealthy"), Judge(Filtered));

    [Fact]
    public void Who_may_go_another_way_is() => Assert.Equal(Verdict.Healthy, Judge(Filtered, Plain).Verdict);

    [Fact]
    public void A_copy_is_nothing_that_anybody_waits_for() =>
        Assert.Equal((Verdict.Healthy, "its upstream web is healthy"), Judge(Copied));

    [Fact]
    public void Where_everybody_is_refused_nothing_is_carried()
    {
        var service = Decide(Copied with { Action = new Reject(null) });
        Assert.Null(service.Plane);
        Assert.Equal("its routes lead to no upstream", service.Reason.Text);
    }

    private static (Verdict Verdict, string Reason) Judge(params Route[] routes)
    {
        var service = Decide(routes);
        Assert.Equal("web", service.Plane!.Listeners[0].Upstream.Name);
        return (service.Verdict, service.Reason.Text);
    }

    private static Engine.Deriving.Services.DerivedService Decide(params Route[] routes)
    {
        var web = Web(Policy.Unset, Backend("10.0.0.1"));
        var down = Backend("10.0.0.9") with { Status = BackendStatus.Disabled };
        var snapshot = web with
        {
            Upstreams = web.Upstreams.With(new Upstream { Name = "filter", Backends = [down] }),
            Stages = Named<Stage>.From([
                new() { Name = "scan", Spec = new UpstreamStage("filter") },
                new() { Name = "copy", Spec = new TeeStage("filter") },
            ]),
            Services = web.Services.With(web.Services[0] with { Upstream = null, Routes = Items.From(routes) }),
        };
        var inputs = EngineInputs.Nothing with { Snapshot = snapshot };
        return Deriver.Derive(inputs, DerivedState.Initial, DateTimeOffset.UnixEpoch).Next.Services["web"]!;
    }
}
