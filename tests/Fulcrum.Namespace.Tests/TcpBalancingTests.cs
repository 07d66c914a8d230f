using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests;

/// <summary>Three nginx behind one TCP service on a small network of the test's own.</summary>
public sealed class TcpBalancingTests : IAsyncDisposable
{
    private const int Connections = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const int Fall = 2;

    private readonly Topology _network;
    private readonly Host _client;
    private readonly Host _director;
    private readonly Host[] _hosts;
    private readonly NginxPeer[] _servers = new NginxPeer[3];
    private Daemon? _daemon;

    public TcpBalancingTests()
    {
        _ = Require.Tool("nginx");
        _network = new Topology();
        _client = _network.AddHost("client");
        _director = _network.AddHost("director");
        _hosts = [_network.AddHost("b1"), _network.AddHost("b2"), _network.AddHost("b3")];
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }

        _network.Dispose();
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork, 100_000)]
    [InlineData(AddressFamily.InterNetworkV6, 10_000)]
    public async Task A_hundred_thousand_requests_over_two_loops_have_no_error(AddressFamily family, int requests)
    {
        await Start(family);
        await using var load = HttpLoad.Start(
            _client.Namespace,
            new()
            {
                Target = new(AddressOf(_director, family), 8080),
                Connections = Connections,
                RequestsPerConnection = 20,
                RequestsPerClient = (requests / Connections) + 1,
            }
        );
        var report = await load.Completion();
        Assert.True(report.Failed == 0, report.ToString());
        Assert.True(report.Successes >= requests, report.ToString());
        Assert.Equal(["b1", "b2", "b3"], report.ByLabel.Keys);
        // Each loop gives its connections out in turn, so that the shares are those of the connections.
        Assert.All(report.ByLabel.Values, count => Assert.InRange(count, requests * 0.32, requests * 0.35));
    }

    [Fact]
    public async Task A_killed_backend_costs_only_what_was_already_sent_to_it()
    {
        await Start(AddressFamily.InterNetwork);
        await using var load = HttpLoad.Start(
            _client.Namespace,
            new()
            {
                Target = new(_director.Address, 8080),
                Connections = Connections,
                RequestsPerConnection = 20,
            }
        );
        await load.WaitForSuccesses(5_000);
        var killed = load.Report.Elapsed;
        await _servers[1].Kill();
        await Status.Until(_daemon!, status => status.Duty("web", "b2") == "rest", "the daemon to notice");
        await load.WaitForSuccesses(5_000);
        AssertOnlySentRequestsFailed(load.Report, killed);
        Assert.True(Status.Of(_daemon!).Counter("web", "retries") > 0, "connects that were refused went elsewhere");

        _servers[1] = await NginxPeer.StartBackend(_hosts[1].Namespace, Backend(1, AddressFamily.InterNetwork), "b2");
        await Status.Until(_daemon!, status => status.Duty("web", "b2") == "serve", "the backend to be back");
        var before = load.Report.ByLabel;
        await load.WaitForSuccesses(30_000);
        var report = await load.Stop();
        AssertOnlySentRequestsFailed(report, killed);
        var gained = report.ByLabel.ToDictionary(item => item.Key, item => item.Value - before[item.Key]);
        var share = (double)gained["b2"] / gained.Values.Sum();
        Assert.True(share is > 0.30 and < 0.36, $"b2 got {share:P1} after it was back; {report}");
    }

    [Fact]
    public async Task Connects_that_time_out_go_elsewhere()
    {
        await Start(AddressFamily.InterNetwork);
        await using var load = HttpLoad.Start(
            _client.Namespace,
            new()
            {
                Target = new(_director.Address, 8080),
                Connections = Connections,
                RequestsPerConnection = 1,
                Timeout = TimeSpan.FromSeconds(10),
            }
        );
        await load.WaitForSuccesses(1_000);
        _hosts[2].Drop("tcp dport 80");
        var silent = load.Report.Elapsed;
        await Status.Until(_daemon!, status => status.Duty("web", "b3") == "rest", "the daemon to notice");
        await load.WaitForSuccesses(1_000);
        var report = await load.Stop();
        // What was under way to the silent host cannot be saved; everything that began afterwards is.
        Assert.All(
            report.Failures,
            failure => Assert.InRange(failure.At - TimeSpan.FromSeconds(10), TimeSpan.Zero, silent + (Interval * Fall))
        );
        Assert.True(report.Failed <= Connections, report.ToString());
        var status = Status.Of(_daemon!);
        Assert.True(status.Counter("web", "retries") > 0, "connects that timed out went elsewhere");
    }

    [Fact]
    public async Task Two_hundred_reloads_lose_no_connection_to_a_backend_that_stays()
    {
        const int Reloads = 200;
        await Start(AddressFamily.InterNetwork, Configuration(AddressFamily.InterNetwork, [1, 1]));
        var kept = new List<KeptConnection>();
        for (var i = 0; i < 16; i++)
        {
            kept.Add(await KeptConnection.Open(_client.Namespace, new(_director.Address, 8080)));
        }

        await using var load = HttpLoad.Start(
            _client.Namespace,
            new()
            {
                Target = new(_director.Address, 8080),
                Connections = Connections,
                RequestsPerConnection = 20,
            }
        );
        await load.WaitForSuccesses(1_000);
        for (var i = 1; i <= Reloads; i++)
        {
            // Weights change every time; the third backend comes and goes.
            int[] weights = i % 2 == 0 ? [1 + (i % 5), 1 + (i % 3)] : [1 + (i % 5), 1 + (i % 3), 1 + (i % 7)];
            await File.WriteAllTextAsync(_daemon!.File, Configuration(AddressFamily.InterNetwork, weights));
            _daemon.Signal(1);
            await _daemon.WaitForLog($"generation {i + 1}");
            await kept[i % kept.Count].Ask();
        }

        foreach (var connection in kept)
        {
            await connection.Ask();
            connection.Dispose();
        }

        await load.WaitForSuccesses(1_000);
        var report = await load.Stop();
        Assert.True(report.Failed == 0, report.ToString());
        Assert.True(report.ByLabel["b3"] > 0, "the backend that came and went had its share");
    }

    [Fact]
    public async Task A_reload_that_cannot_be_changes_nothing()
    {
        await Start(AddressFamily.InterNetwork);
        await using var load = HttpLoad.Start(
            _client.Namespace,
            new() { Target = new(_director.Address, 8080), Connections = 4 }
        );
        await load.WaitForSuccesses(100);
        using var taken = _director.Namespace.OpenSocket(
            AddressFamily.InterNetwork,
            SocketType.Stream,
            ProtocolType.Tcp
        );
        taken.Bind(new IPEndPoint(IPAddress.Any, 8090));
        taken.Listen();
        var text = await File.ReadAllTextAsync(_daemon!.File);
        await File.WriteAllTextAsync(
            _daemon.File,
            text + "  other: { listen: tcp://0.0.0.0:8090, backends: [10.0.0.1:80] }\n"
        );
        _daemon.Signal(1);
        await _daemon.WaitForLog("Not reloaded");
        await _daemon.WaitForLog("services.other.listen[0]");
        await load.WaitForSuccesses(100);
        var report = await load.Stop();
        Assert.True(report.Failed == 0, report.ToString());
        Assert.Equal(1, Status.Of(_daemon).Generation);
    }

    [Fact]
    public async Task A_stop_drains_and_ends_when_the_last_session_does()
    {
        await Start(AddressFamily.InterNetwork);
        using var kept = await KeptConnection.Open(_client.Namespace, new(_director.Address, 8080));
        _daemon!.Signal(15);
        await _daemon.WaitForLog("Stopping");
        await Wait.Until(
            async () => !await KeptConnection.CanOpen(_client.Namespace, new(_director.Address, 8080)),
            "new connections to be refused"
        );
        await kept.Ask();
        Assert.False(_daemon.HasExited);
        kept.Dispose();
        Assert.Equal(0, await _daemon.WaitForExit());
    }

    private static void AssertOnlySentRequestsFailed(LoadReport report, TimeSpan killed)
    {
        Assert.True(report.Failed <= Connections, report.ToString());
        foreach (var failure in report.Failures)
        {
            Assert.True(
                failure.Failure.Kind
                    is FailureKind.ResetBeforeResponse
                        or FailureKind.ClosedBeforeResponse
                        or FailureKind.ResetMidResponse
                        or FailureKind.ClosedMidResponse,
                report.ToString()
            );
            Assert.True(failure.At <= killed + (Interval * Fall), report.ToString());
        }
    }

    private static IPAddress AddressOf(Host host, AddressFamily family) =>
        family == AddressFamily.InterNetwork ? host.Address : host.Address6;

    private IPEndPoint Backend(int index, AddressFamily family) => new(AddressOf(_hosts[index], family), 80);

    private async Task Start(AddressFamily family, string? configuration = null)
    {
        for (var i = 0; i < _servers.Length; i++)
        {
            _servers[i] = await NginxPeer.StartBackend(_hosts[i].Namespace, Backend(i, family), $"b{i + 1}");
        }

        _daemon = await Daemon.Start(
            _director.Namespace,
            configuration ?? Configuration(family, [1, 1, 1]),
            null,
            "--node",
            "lb1"
        );
    }

    private string Configuration(AddressFamily family, int[] weights)
    {
        var backends = weights.Select(
            (weight, i) => $"      - {{ address: \"{Backend(i, family)}\", name: b{i + 1}, weight: {weight} }}\n"
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            nodes:
              lb1: {"{ threads: 2 }"}
            services:
              web:
                listen: tcp://{(family == AddressFamily.InterNetwork ? "0.0.0.0" : "[::]")}:8080
                connect: {"{ timeout: 500ms }"}
                checks: {"{"} tcp: {"{}"}, interval: {Interval.TotalSeconds}s, timeout: 500ms, rise: 2, fall: {Fall} {"}"}
                backends:
            {string.Concat(backends)}
            """
        );
    }
}
