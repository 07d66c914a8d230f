using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>A listener with several ports, and backends that are asked on the one that the client used.</summary>
public sealed class PortRangeTests
{
    private static readonly IPAddress BackendAddress = IPAddress.Parse("127.0.0.2");

    [Theory]
    [InlineData(ListenerProtocol.Tcp)]
    [InlineData(ListenerProtocol.Udp)]
    public async Task A_backend_without_a_port_is_reached_on_the_port_that_the_client_used(ListenerProtocol protocol)
    {
        var (type, kind) =
            protocol == ListenerProtocol.Tcp
                ? (SocketType.Stream, ProtocolType.Tcp)
                : (SocketType.Dgram, ProtocolType.Udp);
        await using var harness = new PlaneHarness();
        var port = await ServeAsync(harness, protocol, kind);
        for (var index = 0; index < 2; index++)
        {
            using var backend = new Socket(AddressFamily.InterNetwork, type, kind);
            backend.Bind(new IPEndPoint(BackendAddress, port + index));
            if (type == SocketType.Stream)
            {
                backend.Listen();
            }
            using var client = new Socket(AddressFamily.InterNetwork, type, kind);
            await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port + index));
            await client.SendAsync(new[] { (byte)index });
            using var server = type == SocketType.Stream ? await backend.AcceptOneAsync() : backend;
            var buffer = new byte[16];
            Assert.Equal(1, await Wait.For(server.ReceiveAsync(buffer), "what the client sent"));
            Assert.Equal(index, buffer[0]);
        }
    }

    /// <summary>Serves two ports that are free side by side; returns the first.</summary>
    private static async Task<int> ServeAsync(PlaneHarness harness, ListenerProtocol protocol, ProtocolType kind)
    {
        for (var attempt = 0; ; attempt++)
        {
            var port = Math.Min(PlaneHarness.FreePort(kind), 65_534);
            var service = harness.Service(
                protocol,
                IPAddress.Loopback,
                port,
                new PlaneBackend
                {
                    Id = "b",
                    Address = BackendAddress,
                    Port = null,
                    Weight = 1,
                    Duty = BackendDuty.Serve,
                }
            );
            var listener = service.Listeners[0];
            var range = listener with { Listener = listener.Listener with { Ports = new PortRange(port, port + 1) } };
            try
            {
                await harness.ApplyAsync(harness.Table(service with { Listeners = [range] }));
                return port;
            }
            catch (PlaneRefusedException) when (attempt < 200)
            {
                // The port next to it is somebody else's, or a connection's of a test before that waits out its time.
            }
        }
    }
}
