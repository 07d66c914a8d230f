using System.Net.Sockets;
using System.Text.Json;
using Fulcrum.Api.Status;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Api.Tests;

public sealed class ApiServerTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly QuietAdapters _adapters = new();
    private readonly Reconciler _engine;
    private readonly Task _running;

    public ApiServerTests()
    {
        _engine = new(_adapters, TimeProvider.System, NullLogger<Reconciler>.Instance);
        _running = _engine.RunAsync(_adapters, _adapters, _stop.Token);
    }

    private string Socket => _folder.PathOf("fulcrum.sock");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_status_tells_services_backends_and_counters()
    {
        await using var server = await StartAsync();
        await _engine.ApplyAsync(Web());
        using var http = Client();
        var text = await http.GetStringAsync(new Uri("http://fulcrum/api/v1/status"));
        var status = JsonSerializer.Deserialize(text, StatusJson.Default.StatusDocument)!;
        Assert.Equal(("lb1", "1.2.3", "web.yaml", 1L), (status.Node, status.Version, status.Source, status.Generation));
        var web = Assert.Single(status.Services);
        Assert.True(web.Healthy);
        Assert.Equal(["tcp://127.0.0.1:8080"], web.Listen);
        Assert.Equal(7, web.Counters.Total);
        var backend = Assert.Single(web.Backends);
        Assert.Equal(
            ("10.0.0.1:80", "serve", "healthy", 3L),
            (backend.Id, backend.Duty, backend.Health, backend.Counters.Active)
        );
        Assert.Contains("\"bytes-in\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_without_a_backend_that_serves_is_not_healthy()
    {
        await using var server = await StartAsync();
        var web = Web();
        var off = web.Upstreams[0].Backends[0] with { Status = BackendStatus.Disabled };
        await _engine.ApplyAsync(
            web with
            {
                Upstreams = web.Upstreams.With(web.Upstreams[0] with { Backends = [off] }),
            }
        );
        using var http = Client();
        var text = await http.GetStringAsync(new Uri("http://fulcrum/api/v1/status"));
        var service = JsonSerializer.Deserialize(text, StatusJson.Default.StatusDocument)!.Services[0];
        Assert.False(service.Healthy);
        Assert.Equal(("drain", "disabled"), (service.Backends[0].Duty, service.Backends[0].Reason));
    }

    [Fact]
    public async Task The_socket_belongs_to_its_owner_alone()
    {
        await using var server = await StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket));
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        await using var server = await StartAsync();
        using var http = Client();
        using var answer = await http.GetAsync(new Uri("http://fulcrum/api/v1/nothing"));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    private Task<ApiServer> StartAsync() =>
        ApiServer.StartAsync(
            Socket,
            new("lb1", "1.2.3", "web.yaml", DateTimeOffset.UnixEpoch),
            _engine,
            NullLoggerFactory.Instance,
            CancellationToken.None
        );

    private HttpClient Client() =>
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

    private static Snapshot Web() =>
        Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([
                new()
                {
                    Name = "web",
                    Backends = [new() { Address = HostAddress.Of(System.Net.IPAddress.Parse("10.0.0.1")), Port = 80 }],
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
                            Address = System.Net.IPAddress.Loopback,
                            Ports = PortRange.Of(8080),
                        },
                    ],
                    Upstream = "web",
                },
            ]),
        };
}
