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
