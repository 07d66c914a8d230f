using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Fulcrum.EndToEnd.Tests.Packaging;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Upgrading;

/// <summary>What the next process has from the one before it, and what it has from the service manager.</summary>
public sealed class LegacyTests
{
    private const int UpgradeSignal = 12;

    [Fact]
    public async Task What_is_known_of_backends_and_who_is_connected_outlive_the_program()
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), EchoAsync);
        var (port, closed) = (Ports.Unused(), Ports.Unused());
        // The next question is an hour away: whoever does not know the answer takes the dead one for one that may serve.
        await using var daemon = await ManagedDaemon.StartAsync(
            $$"""
            services:
              web:
                listen: tcp://127.0.0.1:{{port}}
                backends: [127.0.0.1:{{server.EndPoint.Port}}, 127.0.0.1:{{closed}}]
                checks: [ { tcp: {}, interval: 1h, timeout: 5s, rise: 1, fall: 1 } ]
                sessions: { drain: 1m }
            """,
            _ => []
        );
        await daemon.WaitForLog($"127.0.0.1:{closed}/tcp is unhealthy");
        await daemon.WaitForLog($"127.0.0.1:{server.EndPoint.Port}/tcp is healthy");
        var before = Duties(daemon);
        using var early = await ConnectAsync(port);
        Assert.Equal("early", await AskAsync(early, "early"));

        Assert.Equal(0, daemon.Command("upgrade").ExitCode);
        Assert.Equal(before, Duties(daemon));
        for (var client = 0; client < 20; client++)
        {
            using var late = await ConnectAsync(port);
            Assert.Equal("late", await AskAsync(late, "late"));
        }

        Assert.Equal("still there", await AskAsync(early, "still there"));
        Assert.False(daemon.HasExited);
        early.Dispose();
        await Wait.Until(() => daemon.HasExited, "the first process to end with its last session");
        Assert.Equal(0, daemon.ExitCode);
        Assert.True(daemon.SignalMain(UpgradeSignal));
        await Wait.Until(() => daemon.TimesReady() == 3, "a second upgrade, by signal");
    }

    [Fact]
    public async Task Sockets_of_the_service_manager_are_found_by_their_address()
    {
        var activate = Require.Tool("systemd-socket-activate");
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), EchoAsync);
        var (port, stranger) = (Ports.Unused(), Ports.Unused());
        await using var daemon = await ManagedDaemon.StartAsync(
            $"services: {{ web: {{ listen: tcp://127.0.0.1:{port}, backends: [127.0.0.1:{server.EndPoint.Port}] }} }}",
            self =>
                [
                    activate,
                    $"--listen=127.0.0.1:{port}",
                    $"--listen=127.0.0.1:{stranger}",
                    $"--setenv=NOTIFY_SOCKET={self.Notify.Name}",
                    $"--setenv=DOTNET_ROOT={Environment.GetEnvironmentVariable("DOTNET_ROOT")}",
                ],
            self => self.Log.Contains("Listening on")
        );
        // Who comes first waits until it is there; all loops accept from the one socket.
        for (var client = 0; client < 50; client++)
        {
            using var socket = await ConnectAsync(port);
            Assert.Equal("ask", await AskAsync(socket, "ask"));
        }

        await daemon.WaitForLog($"tcp://127.0.0.1:{stranger}");
        // And so do those of the process after it.
        Assert.Equal(0, daemon.Command("upgrade").ExitCode);
        using var late = await ConnectAsync(port);
        Assert.Equal("ask", await AskAsync(late, "ask"));
    }

    [Fact]
    public async Task The_service_manager_keeps_the_sockets_over_a_restart()
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), EchoAsync);
        var port = Ports.Unused();
        var text =
            $"services: {{ web: {{ listen: tcp://127.0.0.1:{port}, backends: [127.0.0.1:{server.EndPoint.Port}] }} }}";
        await using var daemon = await ManagedDaemon.StartAsync(text, _ => [], null, ("FDSTORE", "64"));
        var name = string.Create(CultureInfo.InvariantCulture, $"listener/tcp_//127.0.0.1_{port}");
        await Wait.Until(() => daemon.Notify.Heard($"FDNAME={name}"), "the sockets to be given away");
        Assert.Contains(daemon.Notify.Messages, message => message == $"FDSTORE=1\nFDNAME={name}");
        // A listener that goes and comes back at once has other sockets: with one that is kept, the kernel would go on
        // giving clients to it.
        daemon.Write("services: {}\n");
        daemon.Signal(1);
        await daemon.WaitForLog("generation 2");
        daemon.Write(text);
        daemon.Signal(1);
        await daemon.WaitForLog("generation 3");
        string[] expected =
        [
            $"FDSTORE=1\nFDNAME={name}",
            $"FDSTOREREMOVE=1\nFDNAME={name}",
            $"FDSTORE=1\nFDNAME={name}",
        ];
        await Wait.Until(
            () => daemon.Notify.Messages.Where(expected.Contains).SequenceEqual(expected),
            "the sockets to be given up, and others to be given away"
        );
        daemon.Write("services: {}\n");
        daemon.Signal(1);
        await Wait.Until(
            () => daemon.Notify.Messages.Count(message => message == expected[1]) == 2,
            "the sockets to be given up"
        );
        Assert.Equal(0, await daemon.Stop());
    }

    private static string Duties(ManagedDaemon daemon)
    {
        using var status = JsonDocument.Parse(daemon.Command("status", "-o", "json").Output);
        return status.RootElement.GetProperty("checks").ToString();
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Wait.For(socket.ConnectAsync(IPAddress.Loopback, port), "a connection");
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket, string text)
    {
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(text));
        var buffer = new byte[64];
        var length = await Wait.For(socket.ReceiveAsync(buffer), "an answer");
        return System.Text.Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer) is > 0 and var length)
        {
            await socket.SendAsync(buffer.AsMemory(0, length));
        }
    }
}
