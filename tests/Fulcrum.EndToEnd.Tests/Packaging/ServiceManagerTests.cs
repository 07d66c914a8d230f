using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>What the running program says to a service manager, and takes from it.</summary>
public sealed class ServiceManagerTests
{
    private const int HangUp = 1;

    private static readonly string Empty = "services: {}\n";

    [Fact]
    public async Task It_tells_its_start_its_reloads_its_life_and_its_end()
    {
        await using var daemon = await ManagedDaemon.StartAsync(Empty, _ => [], null, ("WATCHDOG_USEC", "600000"));
        Assert.StartsWith("READY=1\nSTATUS=0 services on node ", daemon.Notify.Messages[0], StringComparison.Ordinal);
        await Wait.Until(
            () => daemon.Notify.Messages.Count(message => message == "WATCHDOG=1") >= 2,
            "two signs of life"
        );

        daemon.Write(
            $"services: {{ web: {{ listen: tcp://127.0.0.1:{Ports.Unused()}, backends: [127.0.0.1:9001], sessions: {{ drain: 20s }} }} }}"
        );
        daemon.Signal(HangUp);
        var reloaded = await Heard(daemon, "READY=1\nSTATUS=1 services on node ");
        Assert.Matches(@", generation \d+$", reloaded);
        Assert.Single(daemon.Notify.Messages, message => message.StartsWith("RELOADING=1\nMONOTONIC_USEC="));

        daemon.Write("services: { web: { lisen: tcp://:80 } }");
        daemon.Signal(HangUp);
        var refused = await Heard(daemon, "READY=1\nSTATUS=not reloaded, what was in force stays: ");
        Assert.Contains("unknown key 'lisen'", refused, StringComparison.Ordinal);

        Assert.Equal(0, await daemon.Stop());
        // Ten seconds to withdraw, those of the service's drain, four times five for disks.
        Assert.Contains("STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=50000000", daemon.Notify.Messages);
    }

    [Fact]
    public async Task The_socket_of_the_service_manager_is_taken_over_and_left_to_it()
    {
        var activate = Require.Tool("systemd-socket-activate");
        await using var daemon = await ManagedDaemon.StartAsync(
            Empty,
            self =>
                [
                    activate,
                    $"--listen={self.Socket}",
                    "--fdname=api",
                    $"--setenv=NOTIFY_SOCKET={self.Notify.Name}",
                    $"--setenv=DOTNET_ROOT={Environment.GetEnvironmentVariable("DOTNET_ROOT")}",
                ],
            self => File.Exists(self.Socket)
        );
        // Who asks first waits until it is there.
        var status = daemon.Command("status");
        Assert.Equal((0, ""), (status.ExitCode, status.Errors));
        await daemon.WaitForLog("API at the socket that the service manager holds");
        // Octal 02000000 is O_CLOEXEC: no program that it starts gets the socket.
        var flags = await File.ReadAllLinesAsync($"/proc/{daemon.Pid}/fdinfo/3");
        Assert.Matches(@"^flags:\s+02[0-7]{6}$", flags.Single(line => line.StartsWith("flags:")));
        Assert.Equal(0, await daemon.Stop());
        Assert.True(File.Exists(daemon.Socket));
    }

    [Fact]
    public async Task A_socket_that_anybody_could_reach_is_refused()
    {
        var activate = Require.Tool("systemd-socket-activate");
        var port = Ports.Unused();
        await using var daemon = await ManagedDaemon.StartAsync(
            Empty,
            _ => [activate, $"--listen=127.0.0.1:{port}", "--fdname=api"],
            self => self.Log.Contains("Listening on")
        );
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(System.Net.IPAddress.Loopback, port);
        Assert.Equal(1, await daemon.WaitForExit());
        Assert.True(
            daemon.Log.Contains("the socket 'api' that the service manager passed is no listening Unix socket")
        );
    }

    private static Task<string> Heard(ManagedDaemon daemon, string start) =>
        Wait.ForValue(
            () => daemon.Notify.Messages.FirstOrDefault(message => message.StartsWith(start, StringComparison.Ordinal)),
            start
        );
}
