using System.Net;
using Fulcrum.Interop.Tests.Peers;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class RedisTests
{
    private static readonly GreetingProbe Probe = new("redis");
    private static readonly IPEndPoint Listen = new(IPAddress.Loopback, 6379);

    [Theory]
    [InlineData("", "PONG")]
    [InlineData("--requirepass s3cret", "NOAUTH Authentication required.")]
    public async Task A_server_that_serves_is_healthy_at_its_port_and_at_its_socket(string options, string reason)
    {
        using var home = NetworkNamespace.Create("redis");
        await using var peer = await RedisPeer.Start(home, Listen, Words(options));
        var task = Inquiry.TaskFor(Probe, Listen.Address, Listen.Port);
        Assert.Equal(Healthy(reason), await Inquiry.Verdict(task, home));
        Assert.Equal(Healthy(reason), await Inquiry.Verdict(task with { Path = peer.Path }, home));
    }

    /// <summary>A replica that may not serve stale data, and whose master is not there.</summary>
    [Fact]
    public async Task A_server_that_cannot_serve_says_why()
    {
        using var home = NetworkNamespace.Create("redis");
        await using var peer = await RedisPeer.Start(
            home,
            Listen,
            Words("--replicaof 127.0.0.1 1 --replica-serve-stale-data no")
        );
        Assert.Equal(
            Unhealthy("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
            await Inquiry.Verdict(Inquiry.TaskFor(Probe, Listen.Address, Listen.Port), home)
        );
    }

    [Fact]
    public async Task One_client_too_many_is_told()
    {
        using var home = NetworkNamespace.Create("redis");
        await using var peer = await RedisPeer.Start(home, Listen, Words("--maxclients 1"));
        using var client = home.OpenSocket(
            System.Net.Sockets.AddressFamily.InterNetwork,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Tcp
        );
        await client.ConnectAsync(Listen);
        await client.SendAsync("PING\r\n"u8.ToArray());
        Assert.Equal("+PONG\r\n".Length, await client.ReceiveAsync(new byte[512]));
        Assert.Equal(
            Unhealthy("ERR max number of clients reached"),
            await Inquiry.Verdict(Inquiry.TaskFor(Probe, Listen.Address, Listen.Port), home)
        );
    }

    private static string[] Words(string options) => options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
