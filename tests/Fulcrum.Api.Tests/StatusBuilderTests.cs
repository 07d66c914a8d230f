using System.Net;
using Fulcrum.Api.Status;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Tests;

public sealed class StatusBuilderTests
{
    private static readonly NodeIdentity Node = new("lb1", "1.0", "web.yaml", DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_check_that_changed_shows_although_the_plane_has_nothing_new()
    {
        var first = Derive(Web(TimeSpan.FromSeconds(1)), DerivedState.Initial);
        var probe = first.Desired.Probes.Keys.Single();
        var healthy = new CheckHealth(Verdict.Healthy, DateTimeOffset.UnixEpoch, "healthy", null);
        var second = Deriver.Derive(
            first.Next.Inputs with
            {
                Health = first.Next.Inputs.Health.With(probe, healthy),
            },
            first.Next,
            DateTimeOffset.UnixEpoch
        );
        Assert.Equal("healthy", Only(second).Health);
        var third = Derive(Web(TimeSpan.FromSeconds(2)), second.Next);
        Assert.Same(second.Desired.TableOf(PlaneKind.Proxy), third.Desired.TableOf(PlaneKind.Proxy));
        Assert.Equal(("unknown", "not asked yet"), (Only(third).Health, Only(third).Reason));
    }

    [Fact]
    public void A_service_that_no_plane_carries_is_down_and_in_trouble()
    {
        const string NoPlane = "it asks for plane ipvs, but the kernel has no ip_vs";
        var (web, now) = (Web(TimeSpan.FromSeconds(1)), DateTimeOffset.UnixEpoch);
        web = web with
        {
            Services = web.Services.With(
                web.Services[0] with
                {
                    Plane = PlaneKind.Ipvs,
                    Policy = new() { Forward = Forwarding.Nat },
                }
            ),
        };
        var inputs = EngineInputs.Nothing with
        {
            Snapshot = web,
            Planes = [PlaneOffer.Ipvs with { Unavailable = "the kernel has no ip_vs" }, PlaneOffer.Proxy],
        };
        var status = StatusBuilder.Build(Node, Deriver.Derive(inputs, DerivedState.Initial, now).Next, new(0, []));
        var service = Assert.Single(status.Services);
        Assert.Equal(("web", false), (service.Name, service.Healthy));
        var trouble = Assert.Single(status.Troubles);
        Assert.Equal(("service", "web", NoPlane), (trouble.Kind, trouble.Name, trouble.Reason));

        // What is not to be carried is no trouble.
        inputs = inputs with
        {
            Snapshot = web with { Services = web.Services.With(web.Services[0] with { Enabled = false }) },
        };
        status = StatusBuilder.Build(Node, Deriver.Derive(inputs, DerivedState.Initial, now).Next, new(0, []));
        Assert.Empty(status.Services);
        Assert.Empty(status.Troubles);
    }

    private static BackendStatusDocument Only(Derivation derivation) =>
        StatusBuilder
            .Build(
                Node,
                derivation.Next,
                new PlaneObservation(derivation.Desired.TableOf(PlaneKind.Proxy).Generation, [])
            )
            .Services.Single()
            .Backends.Single();

    private static Derivation Derive(Snapshot snapshot, DerivedState before) =>
        Deriver.Derive(before.Inputs with { Snapshot = snapshot }, before, DateTimeOffset.UnixEpoch);

    private static Snapshot Web(TimeSpan interval) =>
        Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([
                new()
                {
                    Name = "web",
                    Backends = [new() { Address = HostAddress.Of(IPAddress.Loopback), Port = 80 }],
                    Policy = new()
                    {
                        Checks =
                        [
                            new()
                            {
                                Probe = new TcpProbe(),
                                Timing = new() { Interval = interval },
                            },
                        ],
                    },
                },
            ]),
            Services = Named<Service>.From([
                new()
                {
                    Name = "web",
                    Listeners =
                    [
                        new()
                        {
                            Protocol = ListenerProtocol.Tcp,
                            Address = IPAddress.Loopback,
                            Ports = PortRange.Of(8080),
                        },
                    ],
                    Upstream = "web",
                },
            ]),
        };
}
