using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Namespace.Tests.Transparent;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Wide;

/// <summary>Listeners of prefixes and of many ports, which the kernel leads to a few sockets.</summary>
public sealed class WideTests : IAsyncDisposable
{
    private readonly Crossing _network = new();
    private readonly List<IAsyncDisposable> _servers = [];
    private Daemon? _daemon;

    public WideTests()
    {
        // Each tells by which port it was asked.
        foreach (var port in new[] { 53, 80, 8080, 60_000 })
        {
            foreach (var address in new[] { _network.Server.Address, _network.Server.Address6 })
            {
                var home = _network.Server.Namespace;
                _servers.Add(TcpServer.Start(home, new(address, port), socket => TellPort(socket, port)));
                _servers.Add(new DatagramServer(home, new(address, port), _ => $"{port}"));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _network.Dispose();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task All_addresses_and_ports_of_a_prefix_come_in_and_the_port_is_told_onward(int version)
    {
        await Start(version, "*");
        foreach (var protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp })
        {
            foreach (var last in new[] { 0, 1, 77, 255 })
            {
                foreach (var port in new[] { 53, 80, 8080, 60_000 })
                {
                    // What is answered comes from the very address and port that was asked, or nobody would hear it.
                    Assert.Equal($"{port}", await _network.Ask(protocol, new(In(version, last), port)));
                }
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task Only_its_own_ports_come_in(int version)
    {
        await Start(version, "80-8080");
        foreach (var protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp })
        {
            Assert.Equal("80", await _network.Ask(protocol, new(In(version, 9), 80)));
            Assert.Equal("8080", await _network.Ask(protocol, new(In(version, 9), 8080)));
        }

        await Refuses(new(In(version, 9), 53));
        await Refuses(new(In(version, 9), 60_000));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_single_address_may_have_all_ports(int version)
    {
        var own = version == 6 ? _network.Director.Address6 : _network.Director.Address;
        await StartAt(version, $"{(version == 6 ? $"[{own}]" : own)}", "*");
        foreach (var protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp })
        {
            foreach (var port in new[] { 53, 80, 60_000 })
            {
                Assert.Equal($"{port}", await _network.Ask(protocol, new(own, port)));
            }
        }

        Assert.DoesNotContain("proto 72", Routes(version), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_keeps_the_sockets_and_what_goes_is_led_no_more()
    {
        await Start(4, "*");
        using var kept = _network.Client.Namespace.OpenSocket(
            AddressFamily.InterNetwork,
            SocketType.Dgram,
            ProtocolType.Udp
        );
        await kept.ConnectAsync(new IPEndPoint(In(4, 5), 53));
        Assert.Equal("53", await Ask(kept));
        var sockets = Sockets();
        await Reload(4, "*", "sessions: { idle-timeout: 50s }");
        Assert.Equal(sockets, Sockets());
        Assert.Equal("53", await Ask(kept));
        Assert.Equal("80", await _network.Ask(ProtocolType.Tcp, new(In(4, 200), 80)));

        await Reload(4, "443-9000", "");
        await Refuses(new(In(4, 200), 80));
        Assert.Equal("8080", await _network.Ask(ProtocolType.Tcp, new(In(4, 200), 8080)));

        await File.WriteAllTextAsync(_daemon!.File, "services: {}\n");
        _daemon.Signal(1);
        await Wait.Until(() => !Routes(4).Contains("proto 72", StringComparison.Ordinal), "the route to go");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_left_of_it(bool isKilled)
    {
        await Start(4, "*");
        Assert.Contains("local 198.51.100.0/24 dev lo proto 72", Routes(4), StringComparison.Ordinal);
        if (isKilled)
        {
            await _daemon!.Kill();
            // Nobody could take the route away; the next run knows it for its own.
            await Refuses(new(In(4, 9), 80));
            await File.WriteAllTextAsync(_daemon.File, "services: {}\n");
            await _daemon.Run("--node", "lb1");
        }
        else
        {
            Assert.Equal(0, await _daemon!.Stop());
        }

        await Wait.Until(() => !Routes(4).Contains("proto 72", StringComparison.Ordinal), "the route to go");
    }

    [Fact]
    public async Task Who_finds_the_sockets_themselves_is_refused()
    {
        await Start(4, "*");
        foreach (var line in Sockets())
        {
            var port = int.Parse(line.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);
            await Refuses(new(_network.Director.Address, port));
        }
    }

    private static IPAddress In(int version, int last) =>
        IPAddress.Parse(version == 6 ? $"2001:db8:77::{last:x}" : $"198.51.100.{last}");

    private static async Task<string> Ask(Socket socket)
    {
        await socket.SendAsync("who?\n"u8.ToArray());
        var buffer = new byte[64];
        var count = await Wait.For(socket.ReceiveAsync(buffer), "an answer");
        return Encoding.ASCII.GetString(buffer, 0, count);
    }

    private static async Task TellPort(Socket socket, int port)
    {
        await socket.ReceiveAsync(new byte[64]);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{port}"));
    }

    // A connection that is not made, or ends at once.
    private async Task Refuses(IPEndPoint target)
    {
        using var socket = _network.Client.Namespace.OpenSocket(
            target.AddressFamily,
            SocketType.Stream,
            ProtocolType.Tcp
        );
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await Wait.For(socket.ConnectAsync(target), $"{target} to refuse");
            await socket.SendAsync("who?\n"u8.ToArray());
            var count = await Wait.For(socket.ReceiveAsync(new byte[64]), $"{target} to refuse");
            throw count == 0 ? new SocketException() : new InvalidOperationException($"{target} has answered");
        });
    }

    private string Routes(int version) =>
        _network.Director.Namespace.Ip($"-{version}", "route", "show", "table", "local");

    // Of the director, those that are bound to all addresses.
    private List<string> Sockets() =>
        [
            .. _network
                .Director.Namespace.Run("ss", "-Hltn4")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3])
                .Where(address => address.StartsWith("0.0.0.0:", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    private Task Start(int version, string ports) =>
        StartAt(version, version == 6 ? "[2001:db8:77::/64]" : "198.51.100.0/24", ports);

    private async Task StartAt(int version, string address, string ports) =>
        _daemon = await Daemon.Start(
            _network.Director.Namespace,
            Text(version, address, ports, ""),
            null,
            "--node",
            "lb1"
        );

    private async Task Reload(int version, string ports, string more)
    {
        var before = Status.Of(_daemon!).Generation;
        await File.WriteAllTextAsync(_daemon!.File, Text(version, "198.51.100.0/24", ports, more));
        _daemon.Signal(1);
        await Status.Until(_daemon, status => status.Generation > before, "the reload");
    }

    private string Text(int version, string address, string ports, string more) =>
        $$"""
            nodes:
              lb1: { threads: 2 }
            services:
              all:
                listen: ["tcp://{{address}}:{{ports}}", "udp://{{address}}:{{ports}}"]
                backends: ["{{(version == 6 ? _network.Server.Address6 : _network.Server.Address)}}"]
                {{more}}
            """;
}
