using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests;

/// <summary>A process without any capability, and a port that it may not bind.</summary>
public sealed class PassedSocketTests : IAsyncDisposable
{
    private readonly Topology _network = new();
    private readonly Host _client;
    private readonly Host _director;
    private readonly TcpServer _server;

    public PassedSocketTests()
    {
        _client = _network.AddHost("client");
        _director = _network.AddHost("director");
        _server = TcpServer.Start(_director.Namespace, new(IPAddress.Loopback, 0), AnswerAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _network.Dispose();
    }

    [Fact]
    public async Task It_serves_port_80_by_the_socket_that_it_is_given()
    {
        var activate = Require.Tool("systemd-socket-activate");
        await using var refused = new PowerlessDaemon(_director.Namespace, Configuration());
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => refused.RunAsync([], _ => false));
        Assert.Contains("CAP_NET_BIND_SERVICE", error.Message, StringComparison.Ordinal);

        await using var daemon = new PowerlessDaemon(_director.Namespace, Configuration());
        await daemon.RunAsync(
            [
                activate,
                $"--listen={_director.Address}:80",
                $"--setenv=DOTNET_ROOT={Environment.GetEnvironmentVariable("DOTNET_ROOT")}",
            ],
            log => log.Contains("Listening on")
        );
        await using var load = HttpLoad.Start(
            _client.Namespace,
            new()
            {
                Target = new(_director.Address, 80),
                Connections = 16,
                RequestsPerConnection = 1,
                RequestsPerClient = 50,
                Timeout = TimeSpan.FromSeconds(30),
            }
        );
        var report = await load.Completion();
        Assert.True(report.Failed == 0, report.ToString());
        Assert.Equal(16 * 50, report.Successes);
    }

    private string Configuration() =>
        $"services: {{ web: {{ listen: 'tcp://{_director.Address}:80', backends: ['{_server.EndPoint}'] }} }}";

    private static async Task AnswerAsync(Socket socket)
    {
        var buffer = new byte[4096];
        if (await socket.ReceiveAsync(buffer) > 0)
        {
            await socket.SendAsync(
                Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nit")
            );
        }
    }
}
