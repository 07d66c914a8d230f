using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Xdp;

/// <summary>Connections stay where they are, whatever changes around them; those of a backend that failed end.</summary>
public sealed class KeepingTests : IAsyncDisposable
{
    private const int EachWay = 500;
    private const ushort CheckPort = 9000;

    private readonly XdpLab _lab = new();
    private readonly List<KeptConnection> _connections = [];
    private readonly List<IAsyncDisposable> _answering = [];

    public async ValueTask DisposeAsync()
    {
        _connections.ForEach(connection => connection.Dispose());
        foreach (var answering in _answering)
        {
            await answering.DisposeAsync();
        }

        await _lab.DisposeAsync();
    }

    [Theory]
    [InlineData("xdp")]
    [InlineData("tc")]
    public async Task A_thousand_connections_stay_through_every_change_but_the_failure_of_their_backend(string plane)
    {
        XdpServer[] behind = [_lab.AddServerBehind("b1"), _lab.AddServerBehind("b2"), _lab.AddServerBehind("b3")];
        XdpServer[] beside = [_lab.AddServerBeside("d1"), _lab.AddServerBeside("d2"), _lab.AddServerBeside("d3")];
        foreach (var server in behind)
        {
            await server.ServeAsync(8080, server.Host.Address);
        }

        foreach (var server in beside)
        {
            await server.ServeAsync(81, XdpLab.Vip6);
        }

        var checks = behind.Concat(beside).ToDictionary(server => server.Name, Answer);
        await using var daemon = await _lab.StartAsync(Text([1, 1, 1]));
        foreach (var target in new IPEndPoint[] { new(XdpLab.Vip, 80), new(XdpLab.Vip6, 81) })
        {
            for (var i = 0; i < EachWay; i++)
            {
                _connections.Add(await KeptConnection.Open(_lab.Client.Namespace, target));
            }
        }

        var servers = await Ask();
        Assert.Equal(["b1", "b2", "b3", "d1", "d2", "d3"], servers.Distinct().Order(StringComparer.Ordinal));

        // No new ones, and back again.
        Assert.Equal(0, daemon.Command("drain", "backend/nat/b1", "--reason", "test").ExitCode);
        Assert.Equal(0, daemon.Command("drain", "backend/dsr/d1", "--reason", "test").ExitCode);
        Assert.Equal(servers, await Ask());
        Assert.DoesNotContain("b1", await Newcomers(new(XdpLab.Vip, 80)));
        Assert.Equal(0, daemon.Command("enable", "backend/nat/b1", "--reason", "test").ExitCode);
        Assert.Equal(0, daemon.Command("enable", "backend/dsr/d1", "--reason", "test").ExitCode);
        Assert.Equal(servers, await Ask());
        Assert.Contains("b1", await Newcomers(new(XdpLab.Vip, 80)));

        // Other weights, so other rings; then another program, with tunnels and ranges in it.
        await Reload(daemon, Text([1, 5, 2]));
        Assert.Equal(servers, await Ask());
        await Reload(daemon, Text([1, 5, 2], more: true));
        Assert.Equal(servers, await Ask());

        await daemon.Kill();
        Assert.Equal(servers, await Ask());
        await daemon.Run();
        Assert.Equal(servers, await Ask());
        await daemon.Upgrade();
        Assert.Equal(servers, await Ask());

        // Checks say that one of each kind is dead, although it would answer.
        await checks["b2"].DisposeAsync();
        await checks["d2"].DisposeAsync();
        await Status.Until(
            daemon,
            status => status.Duty("nat", "b2") == "rest" && status.Duty("dsr", "d2") == "rest",
            "the failure to be noticed"
        );
        for (var i = 0; i < _connections.Count; i++)
        {
            if (servers[i] is "b2" or "d2")
            {
                await Assert.ThrowsAsync<SocketException>(_connections[i].Ask);
            }
            else
            {
                Assert.Equal(servers[i], await _connections[i].Ask());
            }
        }

        TcpServer Answer(XdpServer server)
        {
            var answer = TcpServer.Start(
                server.Host.Namespace,
                new(server.Address(beside.Contains(server)), CheckPort),
                _ => Task.CompletedTask
            );
            _answering.Add(answer);
            return answer;
        }

        string Text(int[] weights, bool more = false) =>
            XdpLab.Configuration(
                $"""
                  nat:
                    listen: tcp://{XdpLab.Vip}:80
                    plane: {plane}
                    forward: nat
                    checks: [{Check}]
                    backends:
                {Backends(behind, 8080, isSix: false, weights)}
                  dsr:
                    listen: 'tcp://[{XdpLab.Vip6}]:81'
                    plane: {plane}
                    forward: dsr
                    checks: [{Check}]
                    backends:
                {Backends(beside, 81, isSix: true, weights)}
                {(
                    more
                        ? $"  more: {{ listen: 'tcp://{XdpLab.Vip}:1000-2000', plane: {plane}, forward: tunnel, backends: [{beside[0].Host.Address}] }}"
                        : ""
                )}
                """,
                // Longer than all that happens meanwhile.
                drain: "5m"
            );

        string Backends(XdpServer[] servers, int port, bool isSix, int[] weights) =>
            string.Join(
                "\n",
                servers.Zip(
                    weights,
                    (server, weight) =>
                        $"      - {{ name: {server.Name}, address: '{new IPEndPoint(server.Address(isSix), port)}', weight: {weight} }}"
                )
            );
    }

    private static string Check => $"{{ tcp: {{}}, port: {CheckPort}, interval: 200ms, fall: 2, rise: 1 }}";

    private async Task<List<string>> Ask()
    {
        var names = new List<string>();
        foreach (var connection in _connections)
        {
            names.Add(await connection.Ask());
        }

        return names;
    }

    private async Task<List<string>> Newcomers(IPEndPoint target)
    {
        var names = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            using var connection = await KeptConnection.Open(_lab.Client.Namespace, target);
            names.Add(await connection.Ask());
        }

        return names;
    }

    private static async Task Reload(Daemon daemon, string text)
    {
        var generation = Status.Of(daemon).Generation + 1;
        await File.WriteAllTextAsync(daemon.File, text);
        daemon.Signal(1);
        await daemon.WaitForLog($"generation {generation}");
    }
}
