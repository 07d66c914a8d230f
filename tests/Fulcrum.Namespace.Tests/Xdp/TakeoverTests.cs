using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Xdp;

/// <summary>
/// Two nodes of one seed and one set of backends: what one has begun the other goes on with, although neither told the
/// other anything.
/// </summary>
public sealed class TakeoverTests : IAsyncDisposable
{
    private const int EachWay = 150;

    private readonly XdpLab _lab = new();
    private readonly List<KeptConnection> _connections = [];

    public async ValueTask DisposeAsync()
    {
        _connections.ForEach(connection => connection.Dispose());
        await _lab.DisposeAsync();
    }

    [Theory]
    [InlineData("xdp", 3)]
    [InlineData("tc", 3)]
    [InlineData("xdp", 4)]
    [InlineData("tc", 4)]
    public async Task Connections_go_on_where_the_other_node_chooses_the_same(string plane, int backendsAfter)
    {
        XdpServer[] behind = [.. Enumerable.Range(1, 4).Select(i => _lab.AddServerBehind($"b{i}"))];
        XdpServer[] beside = [.. Enumerable.Range(1, 4).Select(i => _lab.AddServerBeside($"d{i}"))];
        foreach (var server in behind)
        {
            await server.ServeAsync(8080, server.Host.Address);
        }

        foreach (var server in beside)
        {
            await server.ServeAsync(81, XdpLab.Vip6);
        }

        var other = _lab.AddDirector("other");
        await using var first = await _lab.StartAsync(Text(3));
        foreach (var target in new IPEndPoint[] { new(XdpLab.Vip, 80), new(XdpLab.Vip6, 81) })
        {
            for (var i = 0; i < EachWay; i++)
            {
                _connections.Add(await KeptConnection.Open(_lab.Client.Namespace, target));
            }
        }

        var servers = new List<string>();
        foreach (var connection in _connections)
        {
            servers.Add(await connection.Ask());
        }

        await using var second = await Daemon.Start(other.Namespace, Text(backendsAfter, raises: false));
        _lab.TakeOver(other);
        var lost = 0;
        for (var i = 0; i < _connections.Count; i++)
        {
            try
            {
                Assert.Equal(servers[i], await _connections[i].Ask());
            }
            catch (SocketException)
            {
                lost++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{lost} of {_connections.Count} lost");
        if (backendsAfter == 3)
        {
            Assert.Equal(0, lost);
        }
        else
        {
            // The share of the one that is new, and a few in a hundred that Maglev moves beside it.
            Assert.InRange(lost, 0.15 * _connections.Count, 0.37 * _connections.Count);
        }

        string Text(int count, bool raises = true) =>
            XdpLab.Configuration(
                $"""
                  nat: {Service($"tcp://{XdpLab.Vip}:80", "nat", behind.Take(count), 8080, isSix: false)}
                  dsr: {Service($"tcp://[{XdpLab.Vip6}]:81", "dsr", beside.Take(count), 81, isSix: true)}
                """,
                raises
            );

        string Service(string listen, string forward, IEnumerable<XdpServer> servers, int port, bool isSix) =>
            $"{{ listen: '{listen}', plane: {plane}, forward: {forward}, backends: ["
            + string.Join(", ", servers.Select(server => $"'{new IPEndPoint(server.Address(isSix), port)}'"))
            + "] }";
    }
}
