using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Transparent;

/// <summary>Addresses that are not the director's own: those of clients towards backends, and those that clients meant.</summary>
public sealed class TransparentTests : IDisposable
{
    private static readonly IPAddress Anywhere = IPAddress.Parse("192.0.2.99");
    private static readonly IPAddress Anywhere6 = IPAddress.Parse("2001:db8::99");

    private readonly Crossing _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task A_backend_sees_the_clients_own_address()
    {
        _network.Divert();
        var (server, home) = (_network.Server, _network.Server.Namespace);
        await using var tcp = TcpServer.Start(home, new(server.Address, 80), TellPeer);
        await using var tcp6 = TcpServer.Start(home, new(server.Address6, 80), TellPeer);
        await using var udp = new DatagramServer(home, new(server.Address, 80), client => $"{client}");
        await using var udp6 = new DatagramServer(home, new(server.Address6, 80), client => $"{client}");
        await using var daemon = await Daemon.Start(
            _network.Director.Namespace,
            $$"""
            nodes:
              lb1: { threads: 2 }
            upstreams:
              four: { connect: { transparent: true }, backends: ["{{server.Address}}:80"] }
              six: { connect: { transparent: true }, backends: ["[{{server.Address6}}]:80"] }
            services:
              four: { listen: ["tcp://0.0.0.0:9000", "udp://0.0.0.0:9000"], upstream: four }
              six: { listen: ["tcp://[::]:9000", "udp://[::]:9000"], upstream: six }
            """,
            null,
            "--node",
            "lb1"
        );
        foreach (var protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp })
        {
            for (var i = 0; i < 4; i++)
            {
                Assert.StartsWith(
                    $"{_network.Client.Address}:",
                    await _network.Ask(protocol, new(_network.Director.Address, 9000)),
                    StringComparison.Ordinal
                );
                Assert.StartsWith(
                    $"[{_network.Client.Address6}]:",
                    await _network.Ask(protocol, new(_network.Director.Address6, 9000)),
                    StringComparison.Ordinal
                );
            }
        }
    }

    [Fact]
    public async Task What_was_meant_for_any_address_and_port_comes_in_and_is_told_onward()
    {
        _network.Divert("tcp dport { 80, 8080 } tproxy to :9000 meta mark set 1 accept");
        var (server, home) = (_network.Server, _network.Server.Namespace);
        await using var first = TcpServer.Start(home, new(server.Address, 80), TellHeader);
        await using var other = TcpServer.Start(home, new(server.Address, 8080), TellHeader);
        await using var first6 = TcpServer.Start(home, new(server.Address6, 80), TellHeader);
        await using var other6 = TcpServer.Start(home, new(server.Address6, 8080), TellHeader);
        await using var daemon = await Daemon.Start(
            _network.Director.Namespace,
            $$"""
            nodes:
              lb1: { threads: 2 }
            services:
              four:
                listen: { address: "tcp://0.0.0.0:9000", transparent: true }
                connect: { proxy-protocol: v1 }
                backends: ["{{server.Address}}"]
              six:
                listen: { address: "tcp://[::]:9000", transparent: true }
                connect: { proxy-protocol: v1 }
                backends: [{ address: "{{server.Address6}}" }]
            """,
            null,
            "--node",
            "lb1"
        );
        foreach (var port in new[] { 80, 8080, 80, 8080 })
        {
            Assert.Matches(
                $"^{port} PROXY TCP4 {_network.Client.Address} {Anywhere} \\d+ {port}$",
                await _network.Ask(ProtocolType.Tcp, new(Anywhere, port))
            );
            Assert.Matches(
                $"^{port} PROXY TCP6 {_network.Client.Address6} {Anywhere6} \\d+ {port}$",
                await _network.Ask(ProtocolType.Tcp, new(Anywhere6, port))
            );
        }
    }

    /// <summary>The rule keeps the port, so that answers leave from the port that the client knows.</summary>
    [Fact]
    public async Task Datagrams_for_any_address_come_in_and_are_answered_from_there()
    {
        _network.Divert("udp dport 5300 tproxy to :5300 meta mark set 1 accept");
        var (server, home) = (_network.Server, _network.Server.Namespace);
        await using var four = new DatagramServer(home, new(server.Address, 5300), client => $"{client}");
        await using var six = new DatagramServer(home, new(server.Address6, 5300), client => $"{client}");
        await using var daemon = await Daemon.Start(
            _network.Director.Namespace,
            $$"""
            nodes:
              lb1: { threads: 2 }
            services:
              four: { listen: { address: "udp://0.0.0.0:5300", transparent: true }, backends: ["{{server.Address}}"] }
              six: { listen: { address: "udp://[::]:5300", transparent: true }, backends: ["{{server.Address6}}"] }
            """,
            null,
            "--node",
            "lb1"
        );
        for (var i = 0; i < 4; i++)
        {
            Assert.StartsWith(
                $"{_network.Director.Links[1].Address}:",
                await _network.Ask(ProtocolType.Udp, new(Anywhere, 5300)),
                StringComparison.Ordinal
            );
            Assert.StartsWith(
                $"[{_network.Director.Links[1].Address6}]:",
                await _network.Ask(ProtocolType.Udp, new(Anywhere6, 5300)),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("transparent: true")]
    [InlineData("mark: 7")]
    public void Without_the_right_to_it_the_file_is_refused_and_the_right_is_named(string option)
    {
        var name = option[..option.IndexOf(':', StringComparison.Ordinal)];
        foreach (
            var service in new[]
            {
                $"listen: {{ address: tcp://127.0.0.1:9000, {option} }}, backends: [127.0.0.1:80]",
                $"listen: tcp://127.0.0.1:9000, connect: {{ {option} }}, backends: [127.0.0.1:80]",
            }
        )
        {
            var errors = RefusedStart.Errors(
                _network.Director.Namespace,
                $"services: {{ web: {{ {service} }} }}\n",
                "setpriv",
                "--bounding-set=-net_admin,-net_raw"
            );
            Assert.Contains("services.web.listen[0]", errors, StringComparison.Ordinal);
            Assert.Contains($"the kernel does not allow '{name}'", errors, StringComparison.Ordinal);
            Assert.Contains("CAP_NET_ADMIN", errors, StringComparison.Ordinal);
        }
    }

    private static async Task TellPeer(Socket socket)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{socket.RemoteEndPoint}"));
        await UntilClosed(socket);
    }

    /// <summary>The port that it was reached at, and the line that came first.</summary>
    private static async Task TellHeader(Socket socket)
    {
        var buffer = new byte[512];
        var text = "";
        while (!text.Contains("\r\n", StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer);
            if (count == 0)
            {
                return;
            }
            text += Encoding.ASCII.GetString(buffer, 0, count);
        }
        var line = text[..text.IndexOf("\r\n", StringComparison.Ordinal)];
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{((IPEndPoint)socket.LocalEndPoint!).Port} {line}"));
        await UntilClosed(socket);
    }

    private static async Task UntilClosed(Socket socket)
    {
        var buffer = new byte[512];
        while (await socket.ReceiveAsync(buffer) > 0)
        {
            // What else it says matters to nobody.
        }
    }
}
