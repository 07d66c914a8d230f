using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Load;

namespace Fulcrum.TestKit.Tests.Load;

public sealed class HttpLoadTests
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Requests_share_a_connection_as_often_as_told_and_are_counted_by_label()
    {
        await using var server = TcpServer.Start(
            null,
            Loopback,
            socket => Answer(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nb1")
        );
        var report = await Run(server.EndPoint, requests: 12, perConnection: 4);
        Assert.True(report is { Successes: 12, Failed: 0 }, report.ToString());
        Assert.Equal(12, report.ByLabel["b1"]);
        Assert.Equal(3, server.Accepted);
    }

    [Fact]
    public async Task A_header_names_the_backend_before_the_body_does()
    {
        await using var server = TcpServer.Start(
            null,
            Loopback,
            socket => Answer(socket, "HTTP/1.1 200 OK\r\nx-backend: h\r\nConnection: close\r\n\r\nbody", once: true)
        );
        var report = await Run(server.EndPoint, requests: 2);
        Assert.Equal(2, report.ByLabel["h"]);
    }

    [Theory]
    [InlineData("", false, FailureKind.ClosedBeforeResponse)]
    [InlineData("", true, FailureKind.ResetBeforeResponse)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Len", false, FailureKind.ClosedMidResponse)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", false, FailureKind.ClosedMidResponse)]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", false, FailureKind.BadResponse)]
    [InlineData("SSH-2.0-x\r\n\r\n", false, FailureKind.BadResponse)]
    public async Task Each_way_to_fail_has_its_name(string response, bool reset, FailureKind kind)
    {
        await using var server = TcpServer.Start(
            null,
            Loopback,
            async socket =>
            {
                await Answer(socket, response, once: true);
                if (reset)
                {
                    TcpServer.Reset(socket);
                }
            }
        );
        await AssertOneFailure(server.EndPoint, kind);
    }

    [Fact]
    public async Task A_reset_within_the_response_is_told_from_one_before_it()
    {
        await using var server = TcpServer.Start(
            null,
            Loopback,
            async socket =>
            {
                await Answer(socket, "HTTP/1.1 200 OK\r\n", once: true);
                // Linux hands out what was received before it reports the reset, so this is no race.
                TcpServer.Reset(socket);
            }
        );
        await AssertOneFailure(server.EndPoint, FailureKind.ResetMidResponse);
    }

    [Fact]
    public async Task Silence_is_a_timeout()
    {
        var end = new TaskCompletionSource();
        await using var server = TcpServer.Start(null, Loopback, _ => end.Task);
        await AssertOneFailure(server.EndPoint, FailureKind.TimedOut, TimeSpan.FromMilliseconds(50));
        end.SetResult();
    }

    [Fact]
    public async Task Nobody_there_is_a_failed_connection()
    {
        IPEndPoint end;
        await using (var server = TcpServer.Start(null, Loopback, _ => Task.CompletedTask))
        {
            end = server.EndPoint;
        }

        await AssertOneFailure(end, FailureKind.ConnectFailed);
    }

    private static async Task AssertOneFailure(IPEndPoint target, FailureKind kind, TimeSpan? timeout = null)
    {
        var report = await Run(target, requests: 1, timeout: timeout);
        var failure = Assert.Single(report.Failures);
        Assert.True(failure.Failure.Kind == kind, report.ToString());
        Assert.Equal(0, report.Successes);
        Assert.InRange(failure.At, TimeSpan.Zero, report.Elapsed);
    }

    private static async Task<LoadReport> Run(
        IPEndPoint target,
        long requests,
        int perConnection = int.MaxValue,
        TimeSpan? timeout = null
    )
    {
        await using var load = HttpLoad.Start(
            null,
            new HttpLoadOptions
            {
                Target = target,
                RequestsPerClient = requests,
                RequestsPerConnection = perConnection,
                Timeout = timeout ?? Wait.DefaultTimeout,
            }
        );
        return await load.Completion();
    }

    private static async Task Answer(Socket socket, string response, bool once = false)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer) > 0)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(response));
            if (once)
            {
                return;
            }
        }
    }
}
