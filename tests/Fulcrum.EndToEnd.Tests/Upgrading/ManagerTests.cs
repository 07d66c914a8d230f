using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.EndToEnd.Tests.Packaging;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Upgrading;

/// <summary>What a service manager sees of an upgrade, and does to the processes of a node.</summary>
public sealed class ManagerTests
{
    private const int UpgradeSignal = 12;
    private const int TerminateSignal = 15;

    [Fact]
    public async Task The_new_process_is_nobodys_child_and_ends_after_the_one_before_it()
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), EchoAsync);
        var port = Ports.Unused();
        await using var daemon = await ManagedDaemon.StartAsync(
            $$"""
            services:
              web:
                listen: tcp://127.0.0.1:{{port}}
                backends: [127.0.0.1:{{server.EndPoint.Port}}]
                sessions: { drain: 1m }
            """,
            _ => []
        );
        using var early = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Wait.For(early.ConnectAsync(IPAddress.Loopback, port), "a connection");
        Assert.Equal("early", await AskAsync(early, "early"));
        var (code, output, errors) = daemon.Command("upgrade");
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith($"Upgraded: process {daemon.MainPid} serves", output, StringComparison.Ordinal);
        Assert.NotEqual(daemon.Pid, daemon.MainPid);
        // A manager watches over its own children alone, and so must have it for one before it hears of it.
        Assert.NotEqual(daemon.Pid, ParentOf(daemon.MainPid));

        // What is left of a service is killed when its main process has ended.
        daemon.SignalMain(TerminateSignal);
        await daemon.WaitForLog("the process before this one still has sessions to finish");
        Assert.Equal("still there", await AskAsync(early, "still there"));
        Assert.NotNull(ParentOf(daemon.MainPid));
        early.Dispose();
        await Wait.Until(() => daemon.HasExited, "the first process to end with its last session");
        Assert.Equal(0, daemon.ExitCode);
        await Wait.Until(() => ParentOf(daemon.MainPid) is null, "the second process to end after it");
    }

    [Fact]
    public async Task A_reload_that_is_ordered_meanwhile_is_carried_out_by_the_new_process()
    {
        const int hangUp = 1;
        await using var daemon = await ManagedDaemon.StartAsync("services: {}\n", _ => []);
        daemon.SignalMain(UpgradeSignal);
        await daemon.WaitForLog("Upgrade: process ");
        daemon.Signal(hangUp);
        await daemon.WaitForLog("Upgraded: process ");
        await daemon.WaitForLog("Reloaded ");
        Assert.True(daemon.SignalMain(0));
    }

    // Null: there is no such process, or it has ended.
    private static int? ParentOf(int process)
    {
        try
        {
            // PID (NAME) STATE PARENT …, proc_pid_stat(5)
            var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
            return fields[0] == "Z" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
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
