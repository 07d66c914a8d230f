using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.Clients;
using Fulcrum.TestKit;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What comes just when something else has changed or run out.</summary>
public sealed class SeldomMomentTests : IPassiveListener
{
    private readonly ConcurrentQueue<PassiveSignal> _signals = [];

    void IPassiveListener.OnSignal(PassiveSignal signal) => _signals.Enqueue(signal);

    [Fact]
    public async Task Who_speaks_after_the_deadline_is_not_let_in()
    {
        await using var harness = new PlaneHarness();
        harness.Client = new()
        {
            ProxyProtocol = ProxyProtocolAcceptance.Require,
            ProxyProtocolFrom = [IPNetwork.Parse("127.0.0.0/8")],
        };
        using var listener = Sockets.Listen();
        var place = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using var client = await Sockets.ConnectAsync(place);
        await harness.UntilActiveAsync(1);
        var drained = harness.Plane.DrainAsync(TimeSpan.Zero, null, TestContext.Current.CancellationToken);
        await harness.SyncAsync();
        await client.SendAllAsync("PROXY TCP4 192.0.2.7 198.51.100.1 4711 80\r\nhello"u8.ToArray());
        await drained.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Ports_that_run_out_say_nothing_about_the_backend()
    {
        await using var harness = new PlaneHarness();
        harness.EjectAfter = 1;
        harness.Plane.Complaints = this;
        using var listener = Sockets.Listen();
        // Some of them may be another test's.
        const int Ports = 8;
        var last = Math.Max(PlaneHarness.FreePort(), 32_768 + Ports);
        var own = new ConnectOptions
        {
            SourcePorts = new PortRange(last - Ports + 1, last),
            Source = [IPAddress.Parse("127.0.0.77")],
        };
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!) with { Connect = own });
        var clients = new List<Socket?>();
        for (var i = 0; i <= Ports; i++)
        {
            clients.Add(await Sockets.TryConnectAsync(target));
        }

        await Wait.Until(() => harness.Counters.ConnectFailures > 0, "a client that is turned away");
        Assert.NotEqual(0, harness.Counters.Active);
        clients.ForEach(client => client?.Dispose());
        Assert.Empty(_signals);
    }

    [Fact]
    public void A_higher_rate_holds_at_once()
    {
        var client = SocketAddress.From(IPAddress.Parse("192.0.2.1"), 1);
        var slow = SourceLimits.By(new ClientRules { RatePerAddress = 1, BurstPerAddress = 100 }, null)!;
        for (var count = 0; count < 100; count++)
        {
            Assert.Equal(SourceVerdict.Admitted, slow.TryEnter(client, 0, out _));
        }
        var fast = SourceLimits.By(new ClientRules { RatePerAddress = 1000, BurstPerAddress = 1000 }, slow)!;
        _ = fast.TryEnter(client, 5_000_000, out _);
        Assert.Equal(SourceVerdict.Admitted, fast.TryEnter(client, 5_002_000, out _));
    }

    [Theory]
    [InlineData("PROXY TCP4 127.0.0.50 127.0.0.1 4711 80\r\nhello")]
    [InlineData("PROXY TCP6 ::ffff:127.0.0.50 ::ffff:127.0.0.1 4711 80\r\nhello")]
    public async Task A_mapped_address_is_an_ipv4_address(string text)
    {
        await using var harness = new PlaneHarness();
        harness.Client = new()
        {
            ProxyProtocol = ProxyProtocolAcceptance.Require,
            ProxyProtocolFrom = [IPNetwork.Parse("127.0.0.0/8")],
        };
        using var listener = Sockets.Listen();
        var backend = PlaneHarness.Backend(listener.LocalEndPoint!) with { Connect = new() { Transparent = true } };
        using var client = await Sockets.ConnectAsync(await harness.ServeTcpAsync(backend));
        await client.SendAllAsync(Encoding.ASCII.GetBytes(text));
        using var server = await listener.AcceptOneAsync();
        Assert.Equal("127.0.0.50", ((IPEndPoint)server.RemoteEndPoint!).Address.ToString());
    }
}
