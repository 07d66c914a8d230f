using Fulcrum.Engine.Deriving;
using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests;

public sealed class CapabilitiesTests
{
    [Fact]
    public void Plain_balancing_can_be_carried_out() =>
        Assert.Empty(Capabilities.Missing(Web(Backend("10.0.0.1"), Backend("10.0.0.2"))));

    [Fact]
    public void Rules_about_who_may_connect_are_refused_rather_than_forgotten()
    {
        var web = Web(Backend("10.0.0.1"));
        var asks = web with
        {
            Services = web.Services.With(
                web.Services[0] with
                {
                    // Datagrams have no place for a header.
                    Listeners = [web.Services[0].Listeners[0] with { Protocol = ListenerProtocol.Udp }],
                    Client = new() { RatePerAddress = 5, ProxyProtocol = ProxyProtocolAcceptance.Require },
                    Policy = new()
                    {
                        Forward = Forwarding.Dsr,
                        Persist = new() { Timeout = TimeSpan.FromMinutes(1) },
                    },
                }
            ),
        };
        Assert.Equal(["services.web.client"], Capabilities.Missing(asks).Select(finding => finding.Path.ToString()));
    }

    [Fact]
    public void What_only_a_session_can_have_is_refused_where_the_kernel_forwards()
    {
        var web = Web(new Policy { Forward = Forwarding.Nat }, Backend("10.0.0.1"));
        var service = web.Services[0];
        var asks = web with
        {
            Upstreams = web.Upstreams.With(web.Upstreams[0] with { BySni = BySni.Refuse }),
            Services = web.Services.With(
                service with
                {
                    Listeners =
                    [
                        service.Listeners[0] with
                        {
                            Address = null,
                        },
                        service.Listeners[0] with
                        {
                            Protocol = ListenerProtocol.Unix,
                            Path = "/run/web",
                        },
                        service.Listeners[0] with
                        {
                            Address = System.Net.IPAddress.Parse("192.0.2.1"),
                            Transparent = true,
                        },
                    ],
                    Sessions = new() { IdleTimeout = TimeSpan.FromMinutes(1) },
                    AccessLog = new(),
                }
            ),
        };
        Assert.Equal(
            [
                "services.web",
                "services.web.access-log",
                "services.web.listen[0]",
                "services.web.listen[1]",
                "services.web.listen[2].transparent",
                "services.web.sessions.idle-timeout",
            ],
            Capabilities.Missing(asks).Select(finding => finding.Path.ToString()).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(Forwarding.Nat)]
    [InlineData(Forwarding.Dsr)]
    [InlineData(Forwarding.Tunnel)]
    public void What_the_kernel_can_do_is_not_refused(Forwarding forward)
    {
        var policy = new Policy
        {
            Forward = forward,
            Persist = new() { Timeout = TimeSpan.FromMinutes(1) },
            Checks = [TcpCheck with { Via = CheckVia.Forwarding }],
        };
        var web = Web(policy, Backend("10.0.0.1"));
        Listener[] listeners =
        [
            new() { Protocol = ListenerProtocol.Sctp, Address = System.Net.IPAddress.Parse("192.0.2.1") },
            new() { Protocol = ListenerProtocol.Mark, Mark = 7 },
        ];
        var asks = web with
        {
            Services = web.Services.With(
                web.Services[0] with
                {
                    Listeners = [.. listeners],
                    Sessions = new() { OnePacket = true },
                    Plane = PlaneKind.Ipvs,
                }
            ),
        };
        Assert.Empty(Capabilities.Missing(asks));
    }

    [Fact]
    public void What_is_said_of_connections_means_nothing_where_the_kernel_forwards()
    {
        var web = Web(new Policy { Forward = Forwarding.Nat }, Backend("10.0.0.1"));
        (string Key, ConnectOptions Connect)[] said =
        [
            ("timeout", new() { Timeout = TimeSpan.FromSeconds(1) }),
            ("retry", new() { Retry = new() { Attempts = 1 } }),
            ("queue", new() { Queue = new() { Size = 1 } }),
            ("arguments", new() { Arguments = ["-v"] }),
            ("keep-alive", new() { Socket = new() { KeepAlive = new() } }),
            ("user-timeout", new() { Socket = new() { UserTimeout = TimeSpan.FromSeconds(1) } }),
            ("fast-open", new() { Socket = new() { FastOpen = true } }),
            ("mark", new() { Socket = new() { Mark = 1 } }),
            ("dscp", new() { Socket = new() { Dscp = 1 } }),
        ];
        foreach (var (key, connect) in said)
        {
            var upstream = web.Upstreams[0] with { Connect = connect };
            var finding = Assert.Single(
                Capabilities.Missing(Listening(web) with { Upstreams = web.Upstreams.With(upstream) })
            );
            Assert.Contains($"'connect.{key}', as upstream 'web' has it,", finding.Message, StringComparison.Ordinal);
        }

        // For all upstreams, those of the proxy among them.
        var defaults = Listening(web) with
        {
            Defaults = web.Defaults with { Connect = said[0].Connect },
        };
        Assert.Empty(Capabilities.Missing(defaults));
    }

    private static Snapshot Listening(Snapshot web) =>
        web with
        {
            Services = web.Services.With(
                web.Services[0] with
                {
                    Listeners =
                    [
                        web.Services[0].Listeners[0] with
                        {
                            Address = System.Net.IPAddress.Parse("192.0.2.1"),
                        },
                    ],
                }
            ),
        };

    [Fact]
    public void More_retries_than_are_made_are_refused()
    {
        var web = Web(Backend("10.0.0.1"));
        Snapshot With(int attempts) =>
            web with
            {
                Upstreams = web.Upstreams.With(
                    web.Upstreams[0] with
                    {
                        Connect = new() { Retry = new() { Attempts = attempts } },
                    }
                ),
            };
        Assert.Empty(Capabilities.Missing(With(7)));
        Assert.Equal(
            "upstreams.web.connect.retry.attempts",
            Assert.Single(Capabilities.Missing(With(8))).Path.ToString()
        );
    }

    [Fact]
    public void How_long_and_how_often_to_try_is_said_for_all_backends_of_an_upstream()
    {
        var backend = Backend("10.0.0.1") with
        {
            Connect = new()
            {
                Timeout = TimeSpan.FromSeconds(1),
                Retry = new() { Attempts = 1 },
                Queue = new() { Size = 1 },
                Transparent = true,
            },
        };
        Assert.Equal(
            ["timeout", "retry", "queue"],
            Capabilities.Missing(Web(backend)).Select(finding => finding.Path.ToString().Split('.')[^1])
        );
    }

    [Fact]
    public void A_route_may_say_when_to_try_again_but_not_more_than_is_carried_out()
    {
        var web = Web(Backend("10.0.0.1"));
        string[] Missing(ListenerProtocol protocol, Retry retry) =>
            [
                .. Capabilities
                    .Missing(
                        web with
                        {
                            Services = web.Services.With(
                                web.Services[0] with
                                {
                                    Listeners = [web.Services[0].Listeners[0] with { Protocol = protocol }],
                                    Routes = [new() { Action = new ToUpstream("web"), Retry = retry }],
                                }
                            ),
                        }
                    )
                    .Select(finding => finding.Path.ToString()),
            ];
        Assert.Empty(Missing(ListenerProtocol.Tcp, new() { Attempts = 7, Wait = TimeSpan.FromSeconds(1) }));
        Assert.Equal(
            [
                "services.web.routes[0].retry.attempts",
                "services.web.routes[0].retry.on",
                "services.web.routes[0].retry.budget",
            ],
            Missing(
                ListenerProtocol.Tcp,
                new()
                {
                    Attempts = 8,
                    On = [RetryReason.Disconnect],
                    Budget = new() { Share = 0.5 },
                }
            )
        );
        Assert.Equal(["services.web.routes[0].retry"], Missing(ListenerProtocol.Udp, new()));
    }

    [Fact]
    public void Nothing_of_a_hello_is_known_of_datagrams_wherever_their_routes_lead()
    {
        var route = new Route
        {
            Match = new() { Not = new() { Alpn = ["h2"] } },
            Action = new ToUpstream("web"),
        };
        var web = Web(Backend("10.0.0.1"));
        var service = web.Services[0] with
        {
            Listeners = [new() { Protocol = ListenerProtocol.Udp, Ports = PortRange.Of(53) }],
            Upstream = null,
            Routes = [route, new() { Action = new Goto("more") }],
        };
        var snapshot = web with
        {
            Services = web.Services.With(service),
            RouteLists = web.RouteLists.With(new() { Name = "more", Routes = [route] }),
        };
        Assert.Equal(
            ["services.web.routes[0].match", "services.web.match"],
            Capabilities.Missing(snapshot).Select(finding => finding.Path.ToString())
        );
    }

    [Fact]
    public void Names_that_datagrams_and_stages_do_not_have_are_refused()
    {
        var web = Web(Backend("10.0.0.1"));
        var named = web with { Upstreams = web.Upstreams.With(web.Upstreams[0] with { BySni = BySni.Default }) };
        Assert.Empty(Capabilities.Missing(named));
        var datagrams = new Listener { Protocol = ListenerProtocol.Udp, Ports = PortRange.Of(53) };
        var both = named with
        {
            Services = named.Services.With(named.Services[0] with { Listeners = [datagrams] }),
            Stages = Named<Stage>.From([new() { Name = "copy", Spec = new TeeStage("web") }]),
        };
        Assert.Equal(
            ["services.web", "stages.copy"],
            Capabilities.Missing(both).Select(finding => finding.Path.ToString())
        );
    }

    [Fact]
    public void A_header_that_backends_of_datagrams_would_wait_for_in_vain_is_refused()
    {
        var web = Web(Backend("10.0.0.1"));
        var upstream = web.Upstreams[0] with { Connect = new() { ProxyProtocol = new() } };
        var datagrams = new Listener { Protocol = ListenerProtocol.Udp, Ports = PortRange.Of(53) };
        var told = web with { Upstreams = web.Upstreams.With(upstream) };
        Assert.Empty(Capabilities.Missing(told));
        told = told with { Services = told.Services.With(told.Services[0] with { Listeners = [datagrams] }) };
        var finding = Assert.Single(Capabilities.Missing(told));
        Assert.Equal("services.web", finding.Path.ToString());
        Assert.Contains("PROXY header over UDP", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_that_have_to_wait_for_somebody_are_not_for_datagrams_wherever_their_routes_lead()
    {
        var web = Web(Backend("10.0.0.1"));
        var copies = web.Upstreams[0] with
        {
            Name = "copies",
            Connect = new() { Protocol = ConnectProtocol.Tcp },
        };
        var list = new RouteList
        {
            Name = "rest",
            Routes =
            [
                new()
                {
                    Action = new ToUpstream("web"),
                    Ingress = ["log", "copy"],
                    Egress = ["through"],
                },
            ],
        };
        var asks = web with
        {
            Upstreams = web.Upstreams.With(copies),
            RouteLists = Named<RouteList>.From([list]),
            Stages = Named<Stage>.From([
                new() { Name = "log", Spec = new LoggerStage(null, null) },
                new() { Name = "copy", Spec = new TeeStage("copies") },
                new() { Name = "through", Spec = new UpstreamStage("web") },
            ]),
            Services = web.Services.With(web.Services[0] with { Routes = [new() { Action = new Goto("rest") }] }),
        };
        Assert.DoesNotContain("services.web", Capabilities.Missing(asks).Select(finding => finding.Path.ToString()));
        var datagrams = new Listener { Protocol = ListenerProtocol.Udp, Ports = PortRange.Of(53) };
        asks = asks with { Services = asks.Services.With(asks.Services[0] with { Listeners = [datagrams] }) };
        Assert.Equal(
            [
                "stage 'copy': copies of datagrams for backends that have connections, as upstream 'copies' has them, "
                    + "cannot be carried out by this version yet",
                "stage 'through', which is for streams, on the way of datagrams cannot be carried out by this version yet",
            ],
            Capabilities
                .Missing(asks)
                .Where(finding => finding.Path.ToString() == "services.web")
                .Select(finding => finding.Message)
        );
    }

    [Theory]
    [InlineData(ConnectProtocol.Tcp, true)]
    [InlineData(ConnectProtocol.Unix, true)]
    [InlineData(ConnectProtocol.UnixDatagram, true)]
    [InlineData(ConnectProtocol.UnixSeqpacket, true)]
    [InlineData(ConnectProtocol.Pipe, false)]
    [InlineData(ConnectProtocol.Exec, false)]
    public void Datagrams_go_to_whatever_takes_them(ConnectProtocol protocol, bool isCarried)
    {
        var web = Web(Backend("10.0.0.1"));
        var upstream = web.Upstreams[0] with
        {
            Connect = new() { Protocol = protocol, Framing = Framing.Length },
        };
        foreach (
            var listener in new Listener[]
            {
                new() { Protocol = ListenerProtocol.Udp, Ports = PortRange.Of(53) },
                new() { Protocol = ListenerProtocol.UnixDatagram, Path = "/run/in" },
            }
        )
        {
            var asks = web with
            {
                Upstreams = web.Upstreams.With(upstream),
                Services = web.Services.With(web.Services[0] with { Listeners = [listener] }),
            };
            Assert.Equal(isCarried, Capabilities.Missing(asks).Count == 0);
        }
    }

    [Fact]
    public void Messages_take_no_header_and_pipes_no_datagrams()
    {
        var web = Web(Backend("10.0.0.1"));
        Snapshot With(Listener listener, ConnectOptions connect, ClientRules? client = null) =>
            web with
            {
                Upstreams = web.Upstreams.With(web.Upstreams[0] with { Connect = connect }),
                Services = web.Services.With(
                    web.Services[0] with
                    {
                        Listeners = [listener],
                        Client = client ?? ClientRules.None,
                    }
                ),
            };
        var tcp = web.Services[0].Listeners[0];
        var messages = new Listener { Protocol = ListenerProtocol.UnixSeqpacket, Path = "/run/a" };
        var datagrams = new Listener { Protocol = ListenerProtocol.Udp, Ports = PortRange.Of(53) };
        Assert.Empty(Capabilities.Missing(With(messages, new() { Protocol = ConnectProtocol.Exec })));
        Assert.Empty(
            Capabilities.Missing(With(tcp, new() { Protocol = ConnectProtocol.Udp, Framing = Framing.Length }))
        );
        Assert.Equal(
            "services.web.client.proxy-protocol",
            Assert
                .Single(
                    Capabilities.Missing(
                        With(messages, new(), new() { ProxyProtocol = ProxyProtocolAcceptance.Accept })
                    )
                )
                .Path.ToString()
        );
        var told = new ConnectOptions { Protocol = ConnectProtocol.UnixSeqpacket, ProxyProtocol = new() };
        Assert.Contains(
            "PROXY header",
            Assert.Single(Capabilities.Missing(With(tcp, told))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "datagrams for what takes none",
            Assert.Single(Capabilities.Missing(With(datagrams, new() { Protocol = ConnectProtocol.Pipe }))).Message,
            StringComparison.Ordinal
        );
        var copied = With(tcp, new() { Protocol = ConnectProtocol.Exec }) with
        {
            Stages = Named<Model.Stages.Stage>.From([new() { Name = "copy", Spec = new Model.Stages.TeeStage("web") }]),
        };
        Assert.Equal("stages.copy", Assert.Single(Capabilities.Missing(copied)).Path.ToString());
    }

    [Fact]
    public void Sections_that_others_will_carry_out_are_refused()
    {
        var snapshot = Snapshot.Empty with
        {
            Pools = Named<Model.Pools.AddressPool>.From([new() { Name = "edge" }]),
            Upstreams = Named<Upstream>.From([
                new()
                {
                    Name = "api",
                    Discover = new() { Source = new Model.Discovery.ExecDiscovery(["list"]) },
                },
            ]),
        };
        Assert.Equal(
            ["pools", "upstreams.api.discover"],
            Capabilities.Missing(snapshot).Select(finding => finding.Path.ToString())
        );
    }
}
