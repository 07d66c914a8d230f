using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class PrefaceTests
{
    private static readonly Items<IPNetwork> Loopback = [IPNetwork.Parse("127.0.0.0/8")];
    private static readonly Items<IPNetwork> Elsewhere = [IPNetwork.Parse("192.0.2.0/24")];

    [Fact]
    public async Task A_header_that_comes_byte_by_byte_tells_who_the_client_is()
    {
        await using var harness = new PlaneHarness();
        harness.Client = new()
        {
            ProxyProtocol = ProxyProtocolAcceptance.Require,
            ProxyProtocolFrom = Loopback,
            Allow = Elsewhere,
        };
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        foreach (var octet in Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.7 198.51.100.1 4711 80\r\nhello"))
        {
            await client.SendAllAsync(new[] { octet });
        }
        using var server = await listener.AcceptOneAsync();
        Assert.Equal("hello"u8.ToArray(), await server.ReceiveExactlyAsync(5));
        var session = Assert.Single((await SessionsAsync(harness)).Select(one => one.Client));
        Assert.Equal("192.0.2.7:4711", session);
    }

    [Fact]
    public async Task Who_the_header_speaks_of_must_be_admitted_and_not_who_sends_it()
    {
        await using var harness = new PlaneHarness();
        harness.Client = new()
        {
            ProxyProtocol = ProxyProtocolAcceptance.Accept,
            ProxyProtocolFrom = Loopback,
            Deny = Elsewhere,
        };
        using var listener = Sockets.Listen();
        var place = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using (var denied = await Sockets.ConnectAsync(place))
        {
            await denied.SendAllAsync("PROXY TCP4 192.0.2.7 198.51.100.1 4711 80\r\n"u8.ToArray());
            await denied.AssertResetAsync();
        }
        Assert.Equal(1, harness.Counters.RefusedByRule);
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 4711 80000\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    public async Task Where_everybody_must_begin_with_a_header_others_are_refused(string beginning)
    {
        await using var harness = new PlaneHarness();
        harness.Client = new() { ProxyProtocol = ProxyProtocolAcceptance.Require, ProxyProtocolFrom = Loopback };
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        await client.SendAllAsync(Encoding.ASCII.GetBytes(beginning));
        await client.AssertResetAsync();
        Assert.Equal(1, harness.Counters.RefusedByPreface);
    }

    [Fact]
    public async Task A_header_from_somebody_who_is_not_trusted_is_data_or_nothing()
    {
        await using var harness = new PlaneHarness();
        harness.Client = new() { ProxyProtocol = ProxyProtocolAcceptance.Accept, ProxyProtocolFrom = Elsewhere };
        using var listener = Sockets.Listen();
        var place = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using (var client = await Sockets.ConnectAsync(place))
        {
            var header = "PROXY TCP4 192.0.2.7 198.51.100.1 4711 80\r\n"u8.ToArray();
            await client.SendAllAsync(header);
            using var server = await listener.AcceptOneAsync();
            Assert.Equal(header, await server.ReceiveExactlyAsync(header.Length));
        }
        harness.Client = harness.Client with { ProxyProtocol = ProxyProtocolAcceptance.Require };
        place = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        await Sockets.AssertTurnedAwayAsync(place);
        Assert.Equal(1, harness.Counters.RefusedByPreface);
    }

    [Fact]
    public async Task Who_says_nothing_in_time_is_cut_off_and_costs_no_backend()
    {
        var time = new ManualTimeProvider();
        await using var harness = new PlaneHarness(time);
        harness.Client = new() { ProxyProtocol = ProxyProtocolAcceptance.Require, ProxyProtocolFrom = Loopback };
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        await client.SendAllAsync("PROXY"u8.ToArray());
        await harness.UntilActiveAsync(1);
        await harness.AdvanceAsync(harness.Client.PrefaceTimeout);
        await client.AssertResetAsync();
        Assert.Equal(1, harness.Counters.PrefaceTimeouts);
        Assert.Equal(0, harness.Counters.ConnectFailures);
        Assert.False(listener.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task Who_may_be_without_a_header_and_waits_gets_the_backends_first_word()
    {
        var time = new ManualTimeProvider();
        await using var harness = new PlaneHarness(time);
        harness.Client = new() { ProxyProtocol = ProxyProtocolAcceptance.Accept, ProxyProtocolFrom = Loopback };
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        await harness.UntilActiveAsync(1);
        await harness.AdvanceAsync(harness.Client.PrefaceTimeout);
        using var server = await listener.AcceptOneAsync();
        await server.SendAllAsync("220 ready"u8.ToArray());
        Assert.Equal("220 ready"u8.ToArray(), await client.ReceiveExactlyAsync(9));
    }

    [Fact]
    public async Task Who_is_not_trusted_with_a_header_need_not_speak_first()
    {
        await using var harness = new PlaneHarness();
        harness.Client = new() { ProxyProtocol = ProxyProtocolAcceptance.Accept, ProxyProtocolFrom = Elsewhere };
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        using var server = await listener.AcceptOneAsync();
        await server.SendAllAsync("220 ready"u8.ToArray());
        Assert.Equal("220 ready"u8.ToArray(), await client.ReceiveExactlyAsync(9));
    }

    [Fact]
    public async Task Routes_choose_by_source_and_port_before_a_byte_is_read()
    {
        await using var harness = new PlaneHarness();
        using var one = Sockets.Listen();
        using var other = Sockets.Listen();
        var port = PlaneHarness.FreePort();
        var place = await harness.ServeRoutesAsync(
            port,
            [
                PlaneHarness.Route(0, new Match { Source = [IPNetwork.Parse("127.0.0.2/32")] }),
                PlaneHarness.Route(1, new Match { Source = Loopback, Port = [PortRange.Of(port)] }),
            ],
            harness.Destination("one", PlaneHarness.Backend(one.LocalEndPoint!)),
            harness.Destination("other", PlaneHarness.Backend(other.LocalEndPoint!))
        );
        using var first = await Sockets.ConnectAsync(place, IPAddress.Parse("127.0.0.2"));
        using var second = await Sockets.ConnectAsync(place, IPAddress.Parse("127.0.0.3"));
        using var atOne = await one.AcceptOneAsync();
        using var atOther = await other.AcceptOneAsync();
        await first.SendAllAsync("1"u8.ToArray());
        await second.SendAllAsync("2"u8.ToArray());
        Assert.Equal("1"u8.ToArray(), await atOne.ReceiveExactlyAsync(1));
        Assert.Equal("2"u8.ToArray(), await atOther.ReceiveExactlyAsync(1));
    }

    [Fact]
    public async Task Who_no_route_takes_is_refused()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        await Sockets.AssertTurnedAwayAsync(
            await harness.ServeRoutesAsync(
                [PlaneHarness.Route(0, new Match { Source = Elsewhere })],
                harness.Destination("u", PlaneHarness.Backend(listener.LocalEndPoint!))
            )
        );
        Assert.Equal(1, harness.Counters.RefusedByRoute);
    }

    [Fact]
    public async Task Routes_choose_by_the_name_that_a_tls_client_asks_for()
    {
        await using var harness = new PlaneHarness();
        using var named = Sockets.Listen();
        using var rest = Sockets.Listen();
        var place = await harness.ServeRoutesAsync(
            [
                PlaneHarness.Route(0, new Match { Sni = [new(TextPatternKind.Wildcard, "*.Example.com")] }),
                PlaneHarness.Route(0, new Match { Alpn = ["acme-tls/1"] }),
                PlaneHarness.Route(1),
            ],
            harness.Destination("named", PlaneHarness.Backend(named.LocalEndPoint!)),
            harness.Destination("rest", PlaneHarness.Backend(rest.LocalEndPoint!))
        );
        await Hellos.AssertReachesAsync(place, named, "www.example.COM");
        await Hellos.AssertReachesAsync(place, rest, "example.com");
        await Hellos.AssertReachesAsync(place, named, "example.com", "h2", "acme-tls/1");

        using var plain = await Sockets.ConnectAsync(place);
        await plain.SendAllAsync("GET / HTTP/1.1\r\n"u8.ToArray());
        using var server = await rest.AcceptOneAsync();
        Assert.Equal("GET"u8.ToArray(), await server.ReceiveExactlyAsync(3));
    }

    private static async Task<IReadOnlyList<SessionReport>> SessionsAsync(PlaneHarness harness) =>
        (await harness.Plane.Sessions.ReadAsync(new(), TestContext.Current.CancellationToken)).Sessions;
}
