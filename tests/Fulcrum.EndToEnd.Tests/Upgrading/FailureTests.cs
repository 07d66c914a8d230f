using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Fulcrum.EndToEnd.Tests.Packaging;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Upgrading;

/// <summary>An upgrade that comes to nothing costs nothing: the process goes on as before and says why.</summary>
public sealed class FailureTests
{
    private const int UpgradeSignal = 12;

    [Fact]
    public async Task A_program_that_does_not_start_leaves_the_one_that_runs_as_it_was()
    {
        // A copy that can be damaged while it runs: its files are replaced, as a package's are.
        using var copy = new TemporaryDirectory();
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(FulcrumProgram.Assembly)!))
        {
            File.Copy(file, copy.PathOf(Path.GetFileName(file)));
        }

        await using var server = await NginxPeer.StartBackend(null, new(IPAddress.Loopback, Ports.Unused()), "it");
        var port = Ports.Unused();
        await using var daemon = await ManagedDaemon.StartAsync(
            copy.PathOf("fulcrum.dll"),
            Configuration(port, server),
            _ => [],
            null
        );
        await using var load = HttpLoad.Start(
            null,
            new()
            {
                Target = new(IPAddress.Loopback, port),
                Connections = 8,
                RequestsPerConnection = 10,
            }
        );
        await load.WaitForSuccesses(50);
        var good = copy.PathOf("fulcrum.dll");
        File.Move(good, copy.PathOf("good"));
        await File.WriteAllTextAsync(good, "no assembly");
        await RefusedAsync(daemon, "ended with exit code");

        File.Move(copy.PathOf("good"), good, overwrite: true);
        daemon.Write("services: { web: { lisen: tcp://:80 } }");
        await RefusedAsync(daemon, "unknown key 'lisen'");

        daemon.Write(Configuration(port, server));
        var (code, output, errors) = daemon.Command("upgrade");
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal($"Upgraded: process {daemon.MainPid} serves, fulcrum {Version()}.\n", output);
        Assert.NotEqual(daemon.Pid, daemon.MainPid);
        await load.WaitForSuccesses(50);
        var report = await load.Stop();
        Assert.True(report.Failed == 0, report.ToString());
        await Wait.Until(() => daemon.HasExited, "the first process to end");
        Assert.Equal(0, daemon.ExitCode);
    }

    [Fact]
    public async Task A_program_that_hangs_is_given_up_and_nothing_else_begins_meanwhile()
    {
        await using var daemon = await ManagedDaemon.StartAsync("services: {}\n", _ => []);
        // Whoever opens it to read waits for somebody who writes.
        var file = daemon.PathOf("fulcrum.yaml");
        File.Delete(file);
        Tool.Run(Require.Tool("mkfifo"), file);
        var hangs = Task.Run(() => daemon.Command("upgrade", "--within", "5s"));
        await daemon.WaitForLog("Upgrade: process ");
        var second = daemon.Command("upgrade");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("an upgrade is under way already", second.Errors, StringComparison.Ordinal);
        var first = await hangs;
        Assert.Equal(1, first.ExitCode);
        Assert.Contains(
            $"Not upgraded, process {daemon.Pid} goes on as before: it does not answer in time.",
            first.Errors,
            StringComparison.Ordinal
        );
        Assert.Equal(0, daemon.Command("status").ExitCode);
        Assert.Equal(daemon.Pid, daemon.MainPid);

        // Who is to stop does not wait for it.
        daemon.Signal(UpgradeSignal);
        await Wait.Until(
            () => daemon.Log.Lines.Count(line => line.Contains("Upgrade: process ", StringComparison.Ordinal)) == 2,
            "another attempt"
        );
        Assert.Equal(0, await daemon.Stop());
    }

    [Fact]
    public async Task A_place_of_the_api_that_cannot_be_had_leaves_the_other_places_and_every_connection()
    {
        await using var server = await NginxPeer.StartBackend(null, new(IPAddress.Loopback, Ports.Unused()), "it");
        var port = Ports.Unused();
        await using var daemon = await ManagedDaemon.StartAsync(Configuration(port, server), _ => []);
        await using var load = HttpLoad.Start(
            null,
            new()
            {
                Target = new(IPAddress.Loopback, port),
                Connections = 8,
                RequestsPerConnection = 100_000,
            }
        );
        await load.WaitForSuccesses(50);
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        daemon.Write($"api: {{ listen: ['{stranger.LocalEndpoint}'] }}\n{Configuration(port, server)}");
        await RefusedAsync(daemon, "the API cannot be opened");
        Assert.True(File.Exists(daemon.Socket));
        Assert.Equal(0, daemon.Command("status").ExitCode);
        await load.WaitForSuccesses(50);
        var report = await load.Stop();
        Assert.True(report.Failed == 0, report.ToString());
    }

    [Fact]
    public async Task The_first_process_of_a_container_is_not_replaced()
    {
        await using var daemon = await ManagedDaemon.StartAsync(
            "services: {}\n",
            _ => [Require.Tool("unshare"), "--pid", "--fork", "--kill-child"]
        );
        // By a signal: the API does not know a process of other numbers than its own.
        var first = (await File.ReadAllTextAsync($"/proc/{daemon.Pid}/task/{daemon.Pid}/children")).Trim();
        Tool.Run("kill", "-USR2", first);
        await daemon.WaitForLog("replace the container");
        Assert.DoesNotContain(daemon.Log.Lines, line => line.Contains("Upgrade: process", StringComparison.Ordinal));
        Assert.False(daemon.HasExited);
    }

    [Fact]
    public async Task A_change_that_waits_for_its_confirmation_is_settled_first()
    {
        await using var daemon = await ManagedDaemon.StartAsync("services: {}\n", _ => []);
        await File.WriteAllTextAsync(
            daemon.PathOf("new.yaml"),
            $"services: {{ web: {{ listen: tcp://127.0.0.1:{Ports.Unused()}, backends: [127.0.0.1:9] }} }}"
        );
        Assert.Equal(0, daemon.Command("apply", daemon.PathOf("new.yaml"), "--confirm", "10m").ExitCode);
        await RefusedAsync(daemon, "a change waits for its confirmation until");

        // The journal is this process's again, and so is the API.
        Assert.Equal(0, daemon.Command("confirm").ExitCode);
        Assert.Equal(0, daemon.Command("drain", "host/127.0.0.1").ExitCode);
        Assert.Equal(0, daemon.Command("upgrade").ExitCode);
        using var status = JsonDocument.Parse(daemon.Command("status", "-o", "json").Output);
        Assert.Single(status.RootElement.GetProperty("overrides").EnumerateArray());
    }

    private static async Task RefusedAsync(ManagedDaemon daemon, string reason)
    {
        var (code, output, errors) = daemon.Command("upgrade");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("goes on as before", errors, StringComparison.Ordinal);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.Equal(daemon.Pid, daemon.MainPid);
        await daemon.WaitForLog(reason);
        Assert.Contains(
            daemon.Notify.Messages,
            message => message.StartsWith("READY=1\nSTATUS=not upgraded", StringComparison.Ordinal)
        );
    }

    private static string Version() => FulcrumProgram.Run("version").Output.Split(' ', '\n')[1];

    private static string Configuration(int port, NginxPeer server) =>
        $"services: {{ web: {{ listen: tcp://127.0.0.1:{port}, backends: ['{server.EndPoint}'] }} }}";
}
