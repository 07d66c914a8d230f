using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Ports that another plane has: the kernel would let both have them, and spread the clients.</summary>
public sealed class StrangerTests
{
    [Theory]
    [InlineData(ListenerProtocol.Tcp, "127.0.0.1")]
    [InlineData(ListenerProtocol.Tcp, "::1")]
    [InlineData(ListenerProtocol.Udp, "127.0.0.1")]
    [InlineData(ListenerProtocol.Udp, "::1")]
    public async Task A_second_plane_is_refused_the_port_of_the_first(ListenerProtocol protocol, string text)
    {
        var address = IPAddress.Parse(text);
        var type = protocol == ListenerProtocol.Tcp ? ProtocolType.Tcp : ProtocolType.Udp;
        var port = PlaneHarness.FreePort(type, address.AddressFamily);
        await using var first = new PlaneHarness();
        await first.ApplyAsync(first.Table(protocol, address, port));
        await using var second = new PlaneHarness();
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() =>
            second.ApplyAsync(second.Table(protocol, address, port))
        );
        Assert.Contains("no other process listens on", refusal.Message, StringComparison.Ordinal);
        // What is ours already is not asked for again.
        await first.ApplyAsync(first.Table(protocol, address, port));
    }

    [Fact]
    public async Task A_wildcard_and_an_address_of_one_plane_share_a_port()
    {
        var port = PlaneHarness.FreePort();
        await using var harness = new PlaneHarness();
        var any = harness.Service(ListenerProtocol.Tcp, IPAddress.Any, port);
        var one = harness.Service(port) with { Name = "other" };
        await harness.ApplyAsync(harness.Table(any));
        await harness.ApplyAsync(harness.Table(any, one));
        Assert.Equal(2, harness.Plane.Observe().Services.Count);
    }
}
