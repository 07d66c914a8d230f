using System.Net;
using System.Net.Sockets;
using Fulcrum.Api.Metrics;
using Fulcrum.Engine.History;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Api.Tests;

/// <summary>An engine between adapters that do nothing, and the API before it.</summary>
public abstract class ApiTest : IAsyncLifetime
{
    private static readonly Source Origin = Source.File("web.yaml");

    private readonly TemporaryDirectory _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = null!;

    private protected QuietAdapters Adapters { get; } = new();

    private protected Journal Journal { get; private set; } = null!;

    private protected Reconciler Engine { get; private set; } = null!;

    private protected NodeContext Node { get; private set; } = null!;

    private protected SnapshotHistory History => field ??= SnapshotHistory.Open(_folder.PathOf("history"));

    private protected NodeMetrics? Metrics { get; set; }

    private protected string Socket => _folder.PathOf("fulcrum.sock");

    public async ValueTask InitializeAsync()
    {
        Journal = await Journal.OpenAsync(new MemoryJournalDisk(), new(), CancellationToken.None);
        Engine = new("lb1", [Adapters], Journal, TimeProvider.System, new Random(1), NullLogger<Reconciler>.Instance);
        _running = Engine.RunAsync(new() { Prober = Adapters, Resolver = Adapters }, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Metrics?.Dispose();
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        Engine.Dispose();
        await Journal.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task ApplyAsync(Snapshot snapshot) =>
        Assert.Empty((await Engine.ApplyAsync(Origin, snapshot, new() { By = "test" })).Problems);

    private protected string PathOf(string name) => _folder.PathOf(name);

    private protected Task<ApiServer> StartAsync(
        Func<NodeContext, NodeContext>? change = null,
        ILoggerFactory? logs = null
    )
    {
        var node = new NodeContext
        {
            Identity = new("lb1", "1.2.3", "web.yaml", DateTimeOffset.UnixEpoch),
            Engine = Engine,
            Checks = Adapters,
            Sessions = Adapters,
            History = History,
            Metrics = Metrics,
            Time = TimeProvider.System,
        };
        Node = change?.Invoke(node) ?? node;
        return ApiServer.StartAsync(Socket, Node, logs ?? NullLoggerFactory.Instance, CancellationToken.None);
    }

    private protected HttpClient Client() =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );

    private protected static Snapshot Web() =>
        Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([
                new()
                {
                    Name = "web",
                    Backends = [new() { Address = HostAddress.Of(IPAddress.Parse("10.0.0.1")), Port = 80 }],
                },
            ]),
            Services = Named<Service>.From([
                new()
                {
                    Name = "web",
                    Listeners =
                    [
                        new()
                        {
                            Protocol = ListenerProtocol.Tcp,
                            Address = IPAddress.Loopback,
                            Ports = PortRange.Of(8080),
                        },
                    ],
                    Upstream = "web",
                },
            ]),
        };
}
