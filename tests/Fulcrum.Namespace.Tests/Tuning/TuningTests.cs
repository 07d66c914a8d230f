using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Tuning;

/// <summary>What a file says of sockets, as the kernel and the wire have it.</summary>
public sealed class TuningTests : IDisposable
{
    /// <summary>A reset for a connection that is gone has no socket whose options it could have.</summary>
    private const string NoReset = "tcp flags & rst == 0";

    private const string Source = "10.0.1.50";
    private const string Source6 = "fd00:0:0:1::50";

    private readonly Topology _network = new();
    private readonly Host _client;
    private readonly Host _director;
    private readonly Host _server;

    public TuningTests() =>
        (_client, _director, _server) = (
            _network.AddHost("client"),
            _network.AddHost("director"),
            _network.AddHost("server")
        );

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task Mark_code_point_source_and_ports_are_those_of_the_packets()
    {
        var home = _director.Namespace;
        home.Ip("address", "add", $"{Source}/24", "dev", "eth0");
        home.Ip("address", "add", $"{Source6}/64", "dev", "eth0", "nodad");
        var marks = new Sighting(
            home,
            "output",
            ("backend", "tcp dport 80 meta mark 7"),
            ("unmarked_backend", $"{NoReset} tcp dport 80 meta mark != 7"),
            ("client", "tcp sport 9000 meta mark 9"),
            ("unmarked_client", $"{NoReset} tcp sport 9000 meta mark != 9")
        );
        var atServer = CodePoints(_server, "tcp dport 80", "ef");
        var atClient = CodePoints(_client, "tcp sport 9000", "af11");
        await using var server = TcpServer.Start(_server.Namespace, new(_server.Address, 80), TellPeer);
        await using var server6 = TcpServer.Start(_server.Namespace, new(_server.Address6, 80), TellPeer);
        await using var daemon = await Daemon.Start(
            home,
            $$"""
            nodes:
              lb1: { threads: 2 }
            defaults:
              connect: { mark: 7, dscp: 46, source: ["{{Source}}", "{{Source6}}"], source-ports: 40000-40063 }
            services:
              four: { listen: { address: "tcp://0.0.0.0:9000", mark: 9, dscp: 10 }, backends: ["{{_server.Address}}:80"] }
              six: { listen: { address: "tcp://[::]:9000", mark: 9, dscp: 10 }, backends: ["[{{_server.Address6}}]:80"] }
            """,
            null,
            "--node",
            "lb1"
        );
        for (var i = 0; i < 4; i++)
        {
            AssertFrom(Source, await Ask(_director.Address));
            AssertFrom(Source6, await Ask(_director.Address6));
        }
        Assert.True(marks["backend"] > 8, $"{marks["backend"]} marked packets to backends");
        Assert.True(marks["client"] > 8, $"{marks["client"]} marked packets to clients");
        Assert.Equal((0, 0), (marks["unmarked_backend"], marks["unmarked_client"]));
        foreach (var seen in new[] { atServer, atClient })
        {
            Assert.True(seen["four"] > 4, $"{seen["four"]} packets of IPv4 with the code point");
            Assert.True(seen["six"] > 4, $"{seen["six"]} packets of IPv6 with the code point");
            Assert.Equal((0, 0), (seen["other_four"], seen["other_six"]));
        }
    }

    [Fact]
    public async Task Datagrams_carry_mark_and_code_point_both_ways()
    {
        var marks = new Sighting(
            _director.Namespace,
            "output",
            ("backend", "udp dport 80 meta mark 7 ip dscp ef"),
            ("client", "udp sport 9000 meta mark 9 ip dscp af11"),
            ("other", "udp sport 9000 meta mark != 9"),
            ("other_backend", "udp dport 80 meta mark != 7")
        );
        await using var server = new DatagramServer(_server.Namespace, new(_server.Address, 80), client => $"{client}");
        await using var daemon = await Daemon.Start(
            _director.Namespace,
            $$"""
            services:
              four:
                listen: { address: "udp://0.0.0.0:9000", mark: 9, dscp: 10 }
                connect: { mark: 7, dscp: 46 }
                backends: ["{{_server.Address}}:80"]
            """
        );
        using var socket = _client.Namespace.OpenSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(new IPEndPoint(_director.Address, 9000));
        await socket.SendAsync("who?"u8.ToArray());
        await Wait.For(socket.ReceiveAsync(new byte[64]), "an answer");
        Assert.Equal((1, 1, 0, 0), (marks["backend"], marks["client"], marks["other"], marks["other_backend"]));
    }

    [Fact]
    public async Task Silent_connections_are_asked_as_often_as_is_said()
    {
        await using var server = TcpServer.Start(_server.Namespace, new(_server.Address, 80), TellPeer);
        await using var daemon = await Daemon.Start(
            _director.Namespace,
            $$"""
            services:
              four:
                listen: { address: "tcp://0.0.0.0:9000", keep-alive: { idle: 600s, interval: 5s, probes: 2 } }
                connect: { keep-alive: { idle: 300s, interval: 3s, probes: 4 } }
                backends: ["{{_server.Address}}:80"]
              plain: { listen: "tcp://0.0.0.0:9001", backends: ["{{_server.Address}}:80"] }
            """
        );
        using var tuned = await Connect(_director.Address, 9000);
        using var plain = await Connect(_director.Address, 9001);
        await Wait.For(tuned.ReceiveAsync(new byte[64]), "a word");
        await Wait.For(plain.ReceiveAsync(new byte[64]), "a word");
        Assert.InRange(Assert.Single(KeepAlives("sport = :9000")), 540, 600);
        Assert.InRange(Assert.Single(KeepAlives("dport = :80")), 240, 300);
        Assert.Empty(KeepAlives("sport = :9001"));
    }

    [Fact]
    public async Task What_nobody_acknowledges_in_time_ends_the_connection()
    {
        await using var server = TcpServer.Start(_server.Namespace, new(_server.Address, 80), TellPeer);
        await using var daemon = await Daemon.Start(
            _director.Namespace,
            $$"""
            services:
              four:
                listen: "tcp://0.0.0.0:9000"
                connect: { user-timeout: 700ms }
                backends: ["{{_server.Address}}:80"]
            """
        );
        using var client = await Connect(_director.Address, 9000);
        await Wait.For(client.ReceiveAsync(new byte[64]), "a word");
        _server.Drop("tcp dport 80");
        await client.SendAsync("hello?"u8.ToArray());
        // Without it: a quarter of an hour (tcp_retries2).
        await Assert.ThrowsAsync<SocketException>(() =>
            Wait.For(client.ReceiveAsync(new byte[64]), "the end of the connection")
        );
    }

    private static Sighting CodePoints(Host host, string match, string code) =>
        new(
            host.Namespace,
            "input",
            ("four", $"ip dscp {code} {match}"),
            ("six", $"ip6 dscp {code} {match}"),
            ("other_four", $"{NoReset} ip dscp != {code} {match}"),
            ("other_six", $"{NoReset} ip6 dscp != {code} {match}")
        );

    private static void AssertFrom(string source, string told)
    {
        var from = IPEndPoint.Parse(told);
        Assert.Equal(IPAddress.Parse(source), from.Address);
        Assert.InRange(from.Port, 40000, 40063);
    }

    private static async Task TellPeer(Socket socket)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{socket.RemoteEndPoint}"));
        while (await socket.ReceiveAsync(new byte[64]) > 0)
        {
            // It says no more.
        }
    }

    private async Task<Socket> Connect(IPAddress address, int port)
    {
        var socket = _client.Namespace.OpenSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await Wait.For(socket.ConnectAsync(new IPEndPoint(address, port)), "a connection");
        return socket;
    }

    private async Task<string> Ask(IPAddress address)
    {
        using var socket = await Connect(address, 9000);
        var buffer = new byte[128];
        return Encoding.ASCII.GetString(buffer, 0, await Wait.For(socket.ReceiveAsync(buffer), "an answer"));
    }

    /// <summary>The seconds until connections of the director are asked; those without such a timer are left out.</summary>
    private long[] KeepAlives(string filter) =>
        [
            .. Regex
                .Matches(
                    _director.Namespace.Run("ss", "-Htnoe", "state", "established", filter),
                    @"timer:\(keepalive,(?:(?<min>\d+)min)?(?:(?<sec>\d+)sec)?",
                    RegexOptions.NonBacktracking
                )
                .Select(match => (Number(match.Groups["min"]) * 60) + Number(match.Groups["sec"])),
        ];

    private static long Number(Group group) => group.Success ? long.Parse(group.Value) : 0;
}
