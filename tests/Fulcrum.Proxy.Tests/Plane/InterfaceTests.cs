using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Plane;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class InterfaceTests
{
    [Fact]
    public async Task A_listener_of_an_interface_is_another_than_one_of_all()
    {
        await using var harness = new PlaneHarness();
        using var near = Sockets.Listen();
        using var all = Sockets.Listen();
        var port = PlaneHarness.FreePort();
        await harness.ApplyAsync(harness.Table(harness.Service(port, PlaneHarness.Backend(all.LocalEndPoint!))));
        await AssertReachesAsync(port, all);
        // What is bound to the interface that a connection comes in by goes before what is not (socket(7)).
        await harness.ApplyAsync(
            harness.Table(
                harness.Service(port, PlaneHarness.Backend(all.LocalEndPoint!)),
                On("lo", harness.Service(port, PlaneHarness.Backend(near.LocalEndPoint!))) with
                {
                    Name = "near",
                }
            )
        );
        await AssertReachesAsync(port, near);
        await harness.ApplyAsync(harness.Table(harness.Service(port, PlaneHarness.Backend(all.LocalEndPoint!))));
        await AssertReachesAsync(port, all);
    }

    [Fact]
    public async Task Datagrams_come_in_by_it_and_answers_go_out()
    {
        await using var harness = new PlaneHarness();
        using var backend = Datagrams.Open(IPAddress.Loopback);
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        await harness.ApplyAsync(
            harness.Table(
                On(
                    "lo",
                    harness.Service(ListenerProtocol.Udp, null, port, PlaneHarness.Backend(backend.LocalEndPoint!))
                )
            )
        );
        using var client = await Datagrams.OpenAsync(IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, port));
        await client.SendAsync(new byte[5]);
        var buffer = new byte[10];
        var question = await backend.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
        await backend.SendToAsync(buffer.AsMemory(0, 3), question.RemoteEndPoint);
        Assert.Equal(3, await client.ReceiveAsync(buffer));
    }

    [Fact]
    public async Task One_that_is_not_there_is_an_error_before_anything_changes()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        var service = harness.Service(PlaneHarness.FreePort(), PlaneHarness.Backend(backend.LocalEndPoint!));
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() =>
            harness.ApplyAsync(harness.Table(On("notthere0", service)))
        );
        var problem = Assert.Single(refusal.Problems);
        Assert.Equal(("services.s.listen[0]", "there is no interface 'notthere0'"), (problem.Path, problem.Message));
        Assert.Contains("lo", problem.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_inherits_sockets_knows_their_interface()
    {
        await using var old = new PlaneHarness();
        using var backend = Sockets.Listen();
        var service = On("lo", old.Service(PlaneHarness.FreePort(), PlaneHarness.Backend(backend.LocalEndPoint!)));
        await old.ApplyAsync(old.Table(service));
        using var inherited = new InheritedSockets();
        foreach (var socket in await old.Plane.ShareAsync())
        {
            Assert.Null(inherited.Add(socket.Descriptor, isLent: false));
        }
        await using var next = new PlaneHarness(inherited: inherited);
        await next.ApplyAsync(next.Table(service));
        Assert.Empty(inherited.Unclaimed);
    }

    private static PlaneService On(string device, PlaneService service) =>
        service with
        {
            Listeners =
            [
                service.Listeners[0] with
                {
                    Listener = service.Listeners[0].Listener with { Interface = device },
                },
            ],
        };

    private static async Task AssertReachesAsync(int port, Socket backend)
    {
        using var client = await Sockets.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        using var server = await backend.AcceptOneAsync();
        await client.SendAllAsync("x"u8.ToArray());
        _ = await server.ReceiveExactlyAsync(1);
    }
}
