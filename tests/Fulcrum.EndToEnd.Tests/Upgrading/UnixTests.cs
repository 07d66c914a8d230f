using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.EndToEnd.Tests.Packaging;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;

namespace Fulcrum.EndToEnd.Tests.Upgrading;

/// <summary>Clients that come by a path, over reloads, upgrades and the end of the program.</summary>
public sealed class UnixTests
{
    private const int HangUp = 1;
    private const int Clients = 16;

    [Fact]
    public async Task Upgrades_and_reloads_refuse_nobody_who_comes_by_a_path()
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), EchoAsync);
        using var folder = new TemporaryDirectory();
        var path = folder.PathOf("app.sock");
        await using var daemon = await ManagedDaemon.StartAsync(Text("0660"), _ => []);
        Assert.Equal("-rw-rw----", Mode(path));
        var (stop, served) = (false, 0);
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(AskAgainAndAgainAsync)).ToArray();
        using var early = await ConnectAsync(path);
        Assert.Equal("early", await AskAsync(early, "early"));
        for (var round = 0; round < 3; round++)
        {
            var seen = Volatile.Read(ref served);
            await Wait.Until(() => Volatile.Read(ref served) > seen + 200, "clients to be served");
            daemon.Write(Text(round % 2 == 0 ? "0666" : "0660"));
            var ready = daemon.TimesReady();
            Assert.True(daemon.SignalMain(HangUp));
            await Wait.Until(() => daemon.TimesReady() > ready, "a reload", TimeSpan.FromMinutes(1));
            Assert.Equal(0, daemon.Command("upgrade").ExitCode);
        }

        Assert.Equal("-rw-rw-rw-", Mode(path));
        Assert.Equal("still there", await AskAsync(early, "still there"));
        var listed = daemon.Command("get", "sessions").Output;
        Assert.Contains("unix", listed, StringComparison.Ordinal);
        Volatile.Write(ref stop, true);
        await Task.WhenAll(clients);
        early.Dispose();
        await Wait.Until(() => daemon.HasExited, "the first process to end with its last session");
        TestContext.Current.TestOutputHelper?.WriteLine($"{served} clients were served");

        string Text(string mode) =>
            $$"""
                services:
                  app:
                    listen: { address: "unix:{{path}}", mode: "{{mode}}" }
                    backends: [127.0.0.1:{{server.EndPoint.Port}}]
                    sessions: { drain: 1m }
                """;

        async Task AskAgainAndAgainAsync()
        {
            while (!Volatile.Read(ref stop))
            {
                using var client = await ConnectAsync(path);
                Assert.Equal("ask", await AskAsync(client, "ask"));
                Interlocked.Increment(ref served);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_file_goes_with_the_program_unless_the_service_manager_keeps_its_socket(bool isKept)
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), EchoAsync);
        using var folder = new TemporaryDirectory();
        var path = folder.PathOf("app.sock");
        (string, string)[] environment = isKept ? [("FDSTORE", "64")] : [];
        await using var daemon = await ManagedDaemon.StartAsync(
            $"services: {{ app: {{ listen: 'unix:{path}', backends: [127.0.0.1:{server.EndPoint.Port}] }} }}",
            _ => [],
            null,
            environment
        );
        using (var client = await ConnectAsync(path))
        {
            Assert.Equal("ask", await AskAsync(client, "ask"));
        }

        Assert.Equal(0, await daemon.Stop());
        Assert.Equal(isKept, File.Exists(path));
    }

    [Fact]
    public async Task A_socket_of_the_service_manager_is_found_by_its_path_and_its_file_stays()
    {
        var activate = Require.Tool("systemd-socket-activate");
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), EchoAsync);
        using var folder = new TemporaryDirectory();
        var path = folder.PathOf("app.sock");
        await using var daemon = await ManagedDaemon.StartAsync(
            $"services: {{ app: {{ listen: 'unix:{path}', backends: [127.0.0.1:{server.EndPoint.Port}] }} }}",
            self =>
                [
                    activate,
                    $"--listen={path}",
                    $"--setenv=NOTIFY_SOCKET={self.Notify.Name}",
                    $"--setenv=DOTNET_ROOT={Environment.GetEnvironmentVariable("DOTNET_ROOT")}",
                ],
            self => self.Log.Contains("Listening on")
        );
        for (var client = 0; client < 20; client++)
        {
            using var socket = await ConnectAsync(path);
            Assert.Equal("ask", await AskAsync(socket, "ask"));
        }

        // Clients are served before there is an API.
        await Wait.Until(() => daemon.Notify.Heard("READY=1"), "the node to be ready");
        Assert.Equal(0, daemon.Command("upgrade").ExitCode);
        using (var late = await ConnectAsync(path))
        {
            Assert.Equal("ask", await AskAsync(late, "ask"));
        }

        // Also the second process knows whose it is.
        Assert.True(daemon.SignalMain(15));
        await Wait.Until(() => !Directory.Exists($"/proc/{daemon.MainPid}"), "the second process to end");
        Assert.True(File.Exists(path));
    }

    private static string Mode(string path) => Tool.Run("stat", "-c", "%A", path).Trim().Replace('s', '-');

    private static async Task<Socket> ConnectAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await Wait.For(socket.ConnectAsync(new UnixDomainSocketEndPoint(path)), "a connection");
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket, string text)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        var buffer = new byte[64];
        var length = await Wait.For(socket.ReceiveAsync(buffer), "an answer");
        return Encoding.ASCII.GetString(buffer, 0, length);
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
