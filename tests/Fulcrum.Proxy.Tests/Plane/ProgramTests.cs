using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>A program for each session.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly TimeSpan PatienceToEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PatienceToTerminate = TimeSpan.FromSeconds(3);

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_client_says_is_its_input_and_what_it_says_comes_back()
    {
        await using var harness = new PlaneHarness();
        using var client = await Sockets.ConnectAsync(await ServeAsync(harness, "/bin/cat"));
        var data = new byte[3_000_000];
        new Random(1).NextBytes(data);
        var sending = client.SendAllAsync(data);
        Assert.Equal(data, await client.ReceiveExactlyAsync(data.Length));
        await sending;
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await client.ReceiveToEndAsync());
        await harness.UntilActiveAsync(0);
        Assert.Equal((data.Length, data.Length), (harness.Counters.BytesIn, harness.Counters.BytesOut));
    }

    [Fact]
    public async Task A_program_that_ends_ends_the_session_in_peace_whatever_it_has_not_read()
    {
        await using var harness = new PlaneHarness();
        using var client = await Sockets.ConnectAsync(
            await ServeAsync(harness, "/bin/sh", "-c", "read line; echo \"got $line\"")
        );
        await client.SendAllAsync("one\ntwo\n"u8.ToArray());
        Assert.Equal("got one\n"u8.ToArray(), await client.ReceiveExactlyAsync(8));
        await harness.UntilActiveAsync(0);
        Assert.Equal(0, harness.Counters.Resets);
    }

    [Fact]
    public async Task It_is_told_who_comes_and_has_nothing_else_of_ours()
    {
        await using var harness = new PlaneHarness();
        using var client = await Sockets.ConnectAsync(
            await ServeAsync(harness, "/bin/sh", "-c", "env | sort; echo $(ls /proc/self/fd); ps -o pid=,sid= -p $$")
        );
        var lines = Encoding.UTF8.GetString(await client.ReceiveToEndAsync()).Split('\n');
        Assert.Contains($"FULCRUM_CLIENT={client.LocalEndPoint}", lines);
        Assert.Contains("FULCRUM_SERVICE=s", lines);
        Assert.Contains("FULCRUM_UPSTREAM=u", lines);
        Assert.Contains("FULCRUM_BACKEND=/bin/sh", lines);
        Assert.Contains(lines, line => line.StartsWith("FULCRUM_LISTENER=tcp://127.0.0.1:", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("HOME=", StringComparison.Ordinal));
        // Its three, and the folder that ls reads.
        Assert.Equal("0 1 2 3", lines[^3].Trim());
        var ids = lines[^2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    public async Task What_it_writes_to_its_standard_error_comes_to_the_log()
    {
        using var log = new MemoryStream();
        await using (var harness = new PlaneHarness(standardError: log))
        {
            using var client = await Sockets.ConnectAsync(
                await ServeAsync(harness, "/bin/sh", "-c", "printf 'first\\nsecond without an end' >&2; echo done")
            );
            Assert.Equal("done\n"u8.ToArray(), await client.ReceiveToEndAsync());
            await harness.UntilActiveAsync(0);
        }
        var lines = Encoding.UTF8.GetString(log.ToArray()).Split('\n');
        Assert.Contains(lines, line => line.EndsWith(" s u//bin/sh first", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(" s u//bin/sh second without an end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_a_backend_that_cannot_be_reached()
    {
        await using var harness = new PlaneHarness { Retry = Retry.Default with { Attempts = 1 } };
        harness.Connect = new() { Protocol = ConnectProtocol.Exec };
        var target = await harness.ServeTcpAsync(
            PlaneHarness.Backend(_folder.PathOf("missing")),
            PlaneHarness.Backend("/bin/cat")
        );
        for (var time = 0; time < 4; time++)
        {
            using var client = await Sockets.ConnectAsync(target);
            await client.SendAllAsync("x"u8.ToArray());
            Assert.Equal("x"u8.ToArray(), await client.ReceiveExactlyAsync(1));
        }
        Assert.Equal(harness.Counters.ConnectFailures, harness.Counters.Retries);
        Assert.InRange(harness.Counters.ConnectFailures, 1, 4);
    }

    [Fact]
    public async Task Who_does_not_end_is_asked_to_and_then_killed_and_keeps_its_place_until_then()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        harness.Connect = new() { Protocol = ConnectProtocol.Exec, Arguments = ["-c", Stubborn()] };
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend("/bin/sh") with { MaxConnections = 1 });
        using var client = await Sockets.ConnectAsync(target);
        var process = await ReadNumberAsync(client);
        client.Abort();
        await harness.UntilActiveAsync(0);
        await Sockets.AssertTurnedAwayAsync(target);
        await harness.AdvanceAsync(PatienceToEnd);
        await Wait.Until(() => File.Exists(_folder.PathOf("asked")), "the program to get SIGTERM");
        Assert.True(Directory.Exists($"/proc/{process}"));
        await harness.AdvanceAsync(PatienceToTerminate);
        await Wait.Until(() => !Directory.Exists($"/proc/{process}"), "the program to be killed and reaped");
        await Wait.Until(
            () => harness.Plane.Generation.Services["s"]!.Backends.Values.All(one => one.State.Active == 0),
            "its place"
        );
        using var next = await Sockets.ConnectAsync(target);
        Assert.NotEqual(process, await ReadNumberAsync(next));
    }

    [Fact]
    public async Task None_outlives_the_plane()
    {
        int process;
        await using (var harness = new PlaneHarness())
        {
            using var client = await Sockets.ConnectAsync(await ServeAsync(harness, "/bin/sh", "-c", Stubborn()));
            process = await ReadNumberAsync(client);
        }
        Assert.False(Directory.Exists($"/proc/{process}"));
    }

    [Fact]
    public async Task Many_at_a_time_are_all_reaped()
    {
        await using var harness = new PlaneHarness();
        var target = await ServeAsync(harness, "/bin/sh", "-c", "echo $$; exec cat");
        var clients = new List<Socket>();
        for (var number = 0; number < 40; number++)
        {
            clients.Add(await Sockets.ConnectAsync(target));
        }
        var processes = new List<int>();
        foreach (var client in clients)
        {
            processes.Add(await ReadNumberAsync(client));
        }
        clients.ForEach(client => client.Abort());
        await harness.UntilActiveAsync(0);
        await Wait.Until(
            () => processes.TrueForAll(process => !Directory.Exists($"/proc/{process}")),
            "all programs to be reaped"
        );
    }

    private string Stubborn() =>
        $"trap 'touch {_folder.PathOf("asked")}' TERM; echo $$; while :; do sleep 1000 & wait; done";

    private static async Task<int> ReadNumberAsync(Socket client)
    {
        var text = new StringBuilder();
        while (text is not { Length: > 0 } || text[^1] != '\n')
        {
            text.Append((char)(await client.ReceiveExactlyAsync(1))[0]);
        }
        return int.Parse(text.ToString().Trim(), CultureInfo.InvariantCulture);
    }

    private static Task<IPEndPoint> ServeAsync(PlaneHarness harness, string program, params string[] arguments)
    {
        harness.Connect = new() { Protocol = ConnectProtocol.Exec, Arguments = [.. arguments] };
        return harness.ServeTcpAsync(PlaneHarness.Backend(program));
    }
}
