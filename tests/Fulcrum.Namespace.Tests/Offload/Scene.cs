using System.Net;
using Fulcrum.Namespace.Tests.Transparent;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Exposition;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Offload;

/// <summary>A client, a director whose kernel may take over, and a server; the director forwards unless told otherwise.</summary>
internal sealed class Scene : IAsyncDisposable
{
    public const int Port = 9000;
    public const int BackendPort = 9001;

    private readonly Crossing _network = new();
    private Daemon? _daemon;

    public Scene(bool forwards = true)
    {
        foreach (var link in new[] { "eth0", "eth1", "lo" })
        {
            Director.Namespace.Sysctl($"net.ipv4.conf.{link}.forwarding", forwards ? "1" : "0");
            Director.Namespace.Sysctl($"net.ipv6.conf.{link}.forwarding", forwards ? "1" : "0");
        }
    }

    public Host Client => _network.Client;

    public Host Director => _network.Director;

    public Host Server => _network.Server;

    public Daemon Daemon => _daemon!;

    public static IPAddress AddressOf(Host host, int version, int link = 0) =>
        version == 6 ? host.Links[link].Address6 : host.Links[link].Address;

    public IPEndPoint Listener(int version) => new(AddressOf(Director, version), Port);

    public IPEndPoint Backend(int version) => new(AddressOf(Server, version), BackendPort);

    /// <summary>Starts the daemon with one service, or another one by what is in the file.</summary>
    public async Task Start(string service, string offload = "eth0, eth1")
    {
        _daemon = await Daemon.Start(Director.Namespace, Text(service, offload), null, "--node", "lb1");
        // Its interfaces are found while clients are served already.
        await Wait.Until(
            async () => !(await PlanesAsync()).Contains("offload:", StringComparison.Ordinal),
            "the program to be at its interfaces"
        );
    }

    public async Task Reload(string service, string offload = "eth0, eth1")
    {
        var before = Status.Of(Daemon).Generation;
        await File.WriteAllTextAsync(Daemon.File, Text(service, offload));
        Daemon.Signal(1);
        await Status.Until(Daemon, status => status.Generation > before, "the reload");
    }

    /// <summary>What one of the plane's metrics is, on all loops together.</summary>
    public async Task<double> Metric(string name)
    {
        using var api = Daemon.Api();
        var page = ExpositionParser.Parse(await api.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative)), false);
        return page.Find(name).Sum(one => one.Value);
    }

    public Task UntilOffloaded(int sessions) =>
        Wait.Until(
            async () => await Metric("fulcrum_loop_offloaded") == sessions,
            $"the kernel to carry {sessions} sessions"
        );

    public Task UntilCounted(Flow flow, string service = "echo") =>
        Status.Until(
            Daemon,
            status =>
                status.Counter(service, "bytes-in") == flow.Bytes && status.Counter(service, "bytes-out") == flow.Bytes,
            $"{flow.Bytes} bytes each way to be counted, which were {Status.Of(Daemon).Counter(service, "bytes-in")} and {Status.Of(Daemon).Counter(service, "bytes-out")}"
        );

    public Task<string> PlanesAsync() => Task.FromResult(Daemon.Command("get", "planes", "-o", "json").Output);

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _network.Dispose();
    }

    private static string Text(string rest, string offload) =>
        $$"""
            nodes:
              lb1: { threads: 2, offload: [{{offload}}] }
            {{rest}}
            """;
}
