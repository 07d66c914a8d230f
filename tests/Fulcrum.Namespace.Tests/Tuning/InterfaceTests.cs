using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Tuning;

/// <summary>A listener of an interface takes nothing that comes in by another, whatever address it is for.</summary>
public sealed class InterfaceTests : IDisposable
{
    private readonly Topology _network = new();
    private readonly Host _client;
    private readonly Host _director;
    private readonly Host _server;

    public InterfaceTests() =>
        (_client, _director, _server) = (
            _network.AddHost("client"),
            _network.AddHost("director"),
            _network.AddHost("server")
        );

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task What_comes_in_by_another_interface_is_not_for_it()
    {
        await using var server = TcpServer.Start(_server.Namespace, new(_server.Address, 80), Greet);
        await using var daemon = await Daemon.Start(
            _director.Namespace,
            $$"""
            services:
              outside: { listen: { address: "tcp://:9000", interface: eth0 }, backends: ["{{_server.Address}}:80"] }
              inside: { listen: { address: "tcp://:9001", interface: lo }, backends: ["{{_server.Address}}:80"] }
            """
        );
        Assert.Equal(SocketError.Success, await Connect(_client, _director.Address, 9000));
        Assert.Equal(SocketError.ConnectionRefused, await Connect(_client, _director.Address, 9001));
        // Although such packets never leave the machine, they come in by the interface that has their address.
        Assert.Equal(SocketError.Success, await Connect(_director, _director.Address, 9000));
        Assert.Equal(SocketError.ConnectionRefused, await Connect(_director, _director.Address, 9001));
        Assert.Equal(SocketError.ConnectionRefused, await Connect(_director, IPAddress.Loopback, 9000));
        Assert.Equal(SocketError.Success, await Connect(_director, IPAddress.Loopback, 9001));
    }

    private static async Task<SocketError> Connect(Host from, IPAddress address, int port)
    {
        using var socket = from.Namespace.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await Wait.For(socket.ConnectAsync(new IPEndPoint(address, port)), "a connection");
            Assert.Equal(2, await Wait.For(socket.ReceiveAsync(new byte[64]), "a word"));
            return SocketError.Success;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }

    private static async Task Greet(Socket socket)
    {
        await socket.SendAsync("hi"u8.ToArray());
        while (await socket.ReceiveAsync(new byte[64]) > 0)
        {
            // It says no more.
        }
    }
}
