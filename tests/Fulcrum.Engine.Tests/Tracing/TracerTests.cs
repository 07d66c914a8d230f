using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Tracing;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using static Fulcrum.Engine.Tests.Snapshots;
using static Fulcrum.Engine.Tests.Tracing.Sites;

namespace Fulcrum.Engine.Tests.Tracing;

public sealed class TracerTests
{
    private const string Client = "198.51.100.9:40000";

    [Theory]
    [InlineData(TraceProtocol.Tcp, "192.0.2.80:443", "exact")]
    [InlineData(TraceProtocol.Tcp, "[::ffff:192.0.2.80]:443", "exact")]
    [InlineData(TraceProtocol.Udp, "192.0.2.80:443", "udp")]
    [InlineData(TraceProtocol.Tcp, "192.0.2.81:443", "every")]
    [InlineData(TraceProtocol.Tcp, "[2001:db8::80]:443", "six")]
    [InlineData(TraceProtocol.Tcp, "[2001:db8::81]:443", "every")]
    [InlineData(TraceProtocol.Tcp, "192.0.2.80:8005", "range")]
    [InlineData(TraceProtocol.Tcp, "192.0.2.80:8010", null)]
    [InlineData(TraceProtocol.Udp, "192.0.2.81:443", null)]
    [InlineData(TraceProtocol.Tcp, "192.0.2.99:90", "four")]
    [InlineData(TraceProtocol.Tcp, "[2001:db8::99]:90", null)]
    public void The_listener_is_found_as_sockets_are(TraceProtocol protocol, string destination, string? service)
    {
        var state = Of(
            Service("every", Listener(ListenerProtocol.Https, null, 443)),
            Service("exact", Listener(ListenerProtocol.Tcp, "192.0.2.80", 443)),
            Service("udp", Listener(ListenerProtocol.Udp, "::ffff:192.0.2.80", 443)),
            Service("six", Listener(ListenerProtocol.Tcp, "2001:db8::80", 443)),
            Service("range", Listener(ListenerProtocol.Tcp, "192.0.2.80", 8000, 8009)),
            Service("four", Listener(ListenerProtocol.Tcp, "0.0.0.0", 90)),
            Service("path", new Listener { Protocol = ListenerProtocol.Unix, Path = "/run/s" })
        );
        Assert.Equal(service, Trace(state, protocol, "[2001:db8::9]:40000", destination).Service);
    }

    [Theory]
    [InlineData(TraceProtocol.Tcp, "192.0.2.81:443", "tcp://192.0.2.80:443 of service/shop has another address")]
    [InlineData(TraceProtocol.Tcp, "192.0.2.80:80", "tcp://192.0.2.80:443 of service/shop has another port")]
    [InlineData(TraceProtocol.Udp, "192.0.2.80:443", "tcp://192.0.2.80:443 of service/shop has another protocol")]
    [InlineData(TraceProtocol.Udp, "192.0.2.81:53", "no service listens to anything like it")]
    public void Where_nobody_listens_the_near_are_named(TraceProtocol protocol, string destination, string reason)
    {
        var state = Of(Service("shop", Listener(ListenerProtocol.Tcp, "192.0.2.80", 443)));
        var result = Trace(state, protocol, Client, destination);
        Assert.Equal(TraceOutcome.NoListener, result.Outcome);
        Assert.Equal(reason, Assert.Single(result.Steps).Reason);
    }

    [Theory]
    [InlineData(BySni.Default, "A.example", "a.example, 1 of 3", "those whose sni holds for it", "10.0.0.1:80")]
    [InlineData(BySni.Default, "www.a.example", "www.a.example, 1 of 3", "those whose sni holds for it", "10.0.0.2:80")]
    [InlineData(
        BySni.Default,
        null,
        "none, 1 of 3",
        "no sni of a backend holds for it: those that have none",
        "10.0.0.3:80"
    )]
    [InlineData(
        BySni.Refuse,
        "else",
        "else, refused",
        "no sni of a backend holds for it, and others are refused",
        null
    )]
    [InlineData(
        BySni.Any,
        "else",
        "else, 3 of 3",
        "no sni of a backend holds for it, and others may go to any",
        "10.0.0.1:80"
    )]
    public void The_server_name_decides_where_the_upstream_says_so(
        BySni bySni,
        string? name,
        string answer,
        string reason,
        string? backend
    )
    {
        var upstream = Upstream(
            new() { Balance = new() { Algorithm = BalanceAlgorithm.First } },
            Backend("10.0.0.1") with
            {
                Sni = new(TextPatternKind.Exact, "a.example"),
            },
            Backend("10.0.0.2") with
            {
                Sni = new(TextPatternKind.Wildcard, "*.A.example"),
            },
            Backend("10.0.0.3")
        ) with
        {
            BySni = bySni,
        };
        var state = Derive(Snapshot(upstream, Service("shop", Listener(ListenerProtocol.Tcp, null, 443))));
        var question = new TraceQuestion(
            TraceProtocol.Tcp,
            IPEndPoint.Parse(Client),
            IPEndPoint.Parse("192.0.2.80:443")
        )
        {
            ServerName = name,
        };
        var result = Tracer.Trace(state, question);
        Assert.Equal((answer, reason), (result.Step("server name").Answer, result.Step("server name").Reason));
        Assert.Equal(backend is null ? TraceOutcome.Refused : TraceOutcome.Backend, result.Outcome);
        Assert.Equal(backend, result.Backends.IsEmpty ? null : Assert.Single(result.Backends).Id);
    }

    [Fact]
    public void Whoever_comes_by_a_path_is_in_no_list()
    {
        var app = Service("app", new Listener { Protocol = ListenerProtocol.Unix, Path = "/run/s" });
        var result = Tracer.Trace(Of(app), TraceQuestion.By("/run/s"));
        Assert.Equal((TraceOutcome.Backend, "app"), (result.Outcome, result.Service));
        Assert.Equal("unix to /run/s", result.Question);
        Assert.Equal("it listens at this path", result.Step("listener").Reason);
        Assert.Equal(TraceOutcome.NoListener, Tracer.Trace(Of(app), TraceQuestion.By("/run/t")).Outcome);
        var denied = app with { Client = new() { Deny = [IPNetwork.Parse("::/0")] } };
        Assert.Equal(TraceOutcome.Backend, Tracer.Trace(Of(denied), TraceQuestion.By("/run/s")).Outcome);
        var allowed = app with { Client = new() { Allow = [IPNetwork.Parse("::/0")] } };
        Assert.Equal(TraceOutcome.Refused, Tracer.Trace(Of(allowed), TraceQuestion.By("/run/s")).Outcome);
    }

    [Theory]
    [InlineData(ProxyProtocolAcceptance.Require, "203.0.113.0/24", "believed", TraceOutcome.Backend)]
    [InlineData(ProxyProtocolAcceptance.Require, "192.0.2.0/24", "refused", TraceOutcome.Refused)]
    [InlineData(ProxyProtocolAcceptance.Accept, "192.0.2.0/24", "not believed", TraceOutcome.Backend)]
    public void Who_must_bring_a_header_has_to_be_believed(
        ProxyProtocolAcceptance acceptance,
        string trusted,
        string verdict,
        TraceOutcome outcome
    )
    {
        var service = Service("shop", Listener(ListenerProtocol.Tcp, "192.0.2.80", 443)) with
        {
            Client = new() { ProxyProtocol = acceptance, ProxyProtocolFrom = [IPNetwork.Parse(trusted)] },
        };
        var result = Trace(Of(service), TraceProtocol.Tcp, "203.0.113.9:5000", "192.0.2.80:443");
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(verdict, result.Step("proxy-protocol").Answer);
    }

    [Fact]
    public void A_service_that_is_off_takes_nothing()
    {
        var off = Service("shop", Listener(ListenerProtocol.Tcp, "192.0.2.80", 443)) with { Enabled = false };
        var alone = Trace(Of(off), TraceProtocol.Tcp, Client, "192.0.2.80:443");
        Assert.Equal((TraceOutcome.NotCarried, "shop"), (alone.Outcome, alone.Service));
        Assert.Equal("disabled in its configuration", alone.Step("service").Reason);

        var every = Service("every", Listener(ListenerProtocol.Tcp, null, 443));
        var beside = Trace(Of(off, every), TraceProtocol.Tcp, Client, "192.0.2.80:443");
        Assert.Equal((TraceOutcome.Backend, "every"), (beside.Outcome, beside.Service));
        Assert.Contains(
            "tcp://192.0.2.80:443 of service/shop names",
            beside.Step("listener").Reason,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("203.0.113.7:1", TraceOutcome.Refused, "203.0.113.0/24 stands in its deny list")]
    [InlineData("[::ffff:203.0.113.7]:1", TraceOutcome.Refused, "203.0.113.0/24 stands in its deny list")]
    [InlineData("203.0.114.7:1", TraceOutcome.Backend, "203.0.0.0/16 stands in its allow list")]
    [InlineData("198.51.100.9:1", TraceOutcome.Refused, "no prefix of its allow list holds the client")]
    public void A_client_that_may_not_come_is_refused_by_the_prefix_that_decides(
        string source,
        TraceOutcome outcome,
        string reason
    )
    {
        var shop = Service("shop", Listener(ListenerProtocol.Tcp, null, 443)) with
        {
            Client = new() { Allow = [IPNetwork.Parse("203.0.0.0/16")], Deny = [IPNetwork.Parse("203.0.113.0/24")] },
        };
        var result = Trace(Of(shop), TraceProtocol.Tcp, source, "192.0.2.80:443");
        Assert.Equal((outcome, reason), (result.Outcome, result.Step("client").Reason));
    }

    [Theory]
    [InlineData("203.0.113.7:9", 9, TraceOutcome.Backend)]
    [InlineData("[::ffff:203.0.113.7]:9", 9, TraceOutcome.Backend)]
    [InlineData("203.0.113.7:9", 0, TraceOutcome.Backend)]
    [InlineData("203.0.113.7:8", 9, TraceOutcome.Refused)]
    [InlineData("203.0.113.8:9", 0, TraceOutcome.Refused)]
    public void A_listener_with_a_peer_serves_nobody_else(string source, int port, TraceOutcome outcome)
    {
        var listener = Listener(ListenerProtocol.Udp, null, 514) with
        {
            Peer = new(IPAddress.Parse("203.0.113.7"), port),
        };
        var result = Trace(Of(Service("logs", listener)), TraceProtocol.Udp, source, "192.0.2.80:514");
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(outcome == TraceOutcome.Refused ? "refused" : "admitted", result.Step("peer").Answer);
    }

    [Fact]
    public void What_one_address_may_have_and_whether_it_is_remembered_is_told()
    {
        var shop = Service("shop", Listener(ListenerProtocol.Tcp, null, 443)) with
        {
            Client = new()
            {
                MaxConnectionsPerAddress = 9,
                RatePerAddress = 5,
                BurstPerAddress = 20,
            },
            Policy = new() { Persist = new() { Timeout = TimeSpan.FromMinutes(2) } },
        };
        var result = Trace(Of(shop), TraceProtocol.Tcp, Client, "192.0.2.80:443");
        Assert.Equal("at most 9 connections at a time, 5 new ones a second, 20 at once", result.Step("share").Answer);
        Assert.Equal("120 s", result.Step("persistence").Answer);
        var plain = Trace(
            Of(Service("shop", Listener(ListenerProtocol.Tcp, null, 443))),
            TraceProtocol.Tcp,
            Client,
            "192.0.2.80:443"
        );
        Assert.DoesNotContain(plain.Steps, step => step.Asked is "share" or "persistence");
    }

    [Fact]
    public void A_backend_without_a_port_gets_it_on_the_port_of_the_client()
    {
        var web = Upstream(Policy.Unset, Backend("2001:db8::1", null));
        var state = Derive(Snapshot(web, Service("web", Listener(ListenerProtocol.Tcp, null, 8000, 8999))));
        var result = Trace(state, TraceProtocol.Tcp, Client, "192.0.2.80:8123");
        Assert.Equal("2001:db8::1 at [2001:db8::1]:8123", Assert.Single(result.Backends).ToString());
        Assert.EndsWith("\nIt goes to 2001:db8::1 at [2001:db8::1]:8123.", result.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BalanceAlgorithm.WeightedRoundRobin, 0.75, 0.25)]
    [InlineData(BalanceAlgorithm.LeastConnections, 0.75, 0.25)]
    [InlineData(BalanceAlgorithm.Random, 0.75, 0.25)]
    [InlineData(BalanceAlgorithm.PowerOfTwo, 0.75, 0.25)]
    [InlineData(BalanceAlgorithm.RoundRobin, 0.5, 0.5)]
    public void Where_turns_chance_or_load_decide_the_shares_are_told(
        BalanceAlgorithm algorithm,
        double first,
        double second
    )
    {
        var web = Upstream(
            new() { Balance = new() { Algorithm = algorithm } },
            Backend("10.0.0.1") with
            {
                Weight = 3,
            },
            Backend("10.0.0.2"),
            Backend("10.0.0.3") with
            {
                Status = BackendStatus.Disabled,
            }
        );
        var state = Derive(Snapshot(web, Service("web", Listener(ListenerProtocol.Udp, null, 53))));
        var result = Trace(state, TraceProtocol.Udp, Client, "192.0.2.80:53");
        Assert.Equal(TraceOutcome.OneOf, result.Outcome);
        Assert.Equal([first, second], result.Backends.Select(backend => backend.Share));
        Assert.Equal("web, 2 of 3", result.Step("upstream").Answer);
        Assert.StartsWith("10.0.0.3:80 drains (", result.Step("upstream").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_member_that_serves_it_is_refused()
    {
        var off = Backend("10.0.0.1") with { Status = BackendStatus.Disabled };
        var state = Derive(
            Snapshot(Upstream(Policy.Unset, off), Service("web", Listener(ListenerProtocol.Tcp, null, 80)))
        );
        var result = Trace(state, TraceProtocol.Tcp, Client, "192.0.2.80:80");
        Assert.Equal(TraceOutcome.NoBackend, result.Outcome);
        Assert.Equal(nameof(Verdict.Unhealthy), result.Step("service").Answer, ignoreCase: true);
    }

    [Fact]
    public void What_others_forward_ends_there()
    {
        var dns = Service("dns", Listener(ListenerProtocol.Udp, "192.0.2.53", 53)) with
        {
            Policy = new() { Forward = Forwarding.None },
        };
        var result = Trace(Of(dns), TraceProtocol.Udp, Client, "192.0.2.53:53");
        Assert.Equal((TraceOutcome.Elsewhere, "web"), (result.Outcome, result.Upstream));
    }

    [Fact]
    public void The_text_fits_a_terminal()
    {
        var backends = Enumerable.Range(1, 20).Select(i => Backend($"2001:db8:1111:2222:3333:4444:5555:{i:x}"));
        var drained = backends.Select(
            (backend, i) => i < 4 ? backend with { Status = BackendStatus.Disabled } : backend
        );
        var state = Derive(
            Snapshot(
                Upstream(Policy.Unset, [.. drained]),
                Service("web", Listener(ListenerProtocol.Tcp, null, 443)),
                Service("web2", Listener(ListenerProtocol.Tcp, "2001:db8:ffff:ffff:ffff:ffff:ffff:80", 443)) with
                {
                    Enabled = false,
                }
            )
        );
        var text = Trace(state, TraceProtocol.Tcp, Client, "[2001:db8:ffff:ffff:ffff:ffff:ffff:80]:443").ToText();
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 1, 80));
        Assert.EndsWith("\n  and 4 more", text, StringComparison.Ordinal);
        Assert.StartsWith("tcp from 198.51.100.9:40000 to [2001:db8:ffff", text, StringComparison.Ordinal);
    }
}
