using System.Globalization;
using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Tests.Adversaries;
using Fulcrum.Health.Tests.Tls;
using Fulcrum.Linux.Processes;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests;

/// <summary>Descriptors are given back, whatever happens; and where there are none, nobody is condemned.</summary>
[Collection(nameof(Alone))]
public sealed class DescriptorTests(TlsFixture tls) : IClassFixture<TlsFixture>
{
    private const string Ok = @"HTTP/1.1 200 OK\r\n";

    private static readonly (string Probe, string Script)[] Streams =
    [
        ("tcp", "close"),
        ("tls", "hear | hex 160303 | reset"),
        ("tls", "silent"),
        ("tcp-expect", "hear | say PO | silent"),
        ("http", $@"hear | say {Ok}\r\n | close"),
        ("http", $"hear | say {Ok} | endless x"),
        ("http", "reset"),
        ("https", "tls | hear | silent"),
        ("https-body", $@"tls | hear | say {Ok}\r\nall well | fin"),
        ("https-body", $@"tls | hear | say {Ok}\r\n | endless x"),
        ("grpcs", "tls | hear | close"),
        ("http2", "hear | hex 000000040000000000 | reset"),
        ("dns-tcp", "hear | hex 00 | silent"),
        ("smtp", @"say 220 hello\r\n | hear | say 250 hello\r\n | hear"),
        ("redis", "hear | fin | silent"),
    ];

    [Fact]
    public async Task None_is_lost_after_thousands_of_probes()
    {
        // The first round also opens what the process keeps.
        await AskAll(2);
        var before = Open();
        await AskAll(Soak.Count(200, atLeast: 12));
        await Come(before);
    }

    [Fact]
    public async Task Nothing_is_left_when_all_ends_in_the_middle()
    {
        using var directory = new TemporaryDirectory();
        var number = directory.PathOf("number");
        await EndInTheMiddle(directory.PathOf("first"));
        var before = Open();
        for (var times = 0; times < 3; times++)
        {
            File.Delete(number);
            await EndInTheMiddle(number);
        }

        await Come(before);
        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(number)).Trim()}"));
    }

    [Fact]
    public async Task Where_there_is_none_the_result_is_unclear()
    {
        using var rig = new ProberRig();
        using var directory = new TemporaryDirectory();
        await using var server = new StreamAdversary("silent", rig.Time);
        ProbeTask[] tasks =
        [
            ProberRig.TaskFor(new TcpProbe(), server.EndPoint),
            ProberRig.TaskFor(new UdpProbe(), server.EndPoint) with
            {
                Source = IPAddress.Loopback,
            },
            ProberRig.TaskFor(new ExecProbe { Command = ["/bin/true"] }, server.EndPoint),
        ];
        // Once in vain before: what the runtime opens when it is first needed is open then.
        await rig.Begin(tasks);
        IReadOnlyList<CheckReport> known = [];
        await rig.RunUntil(
            async () =>
            {
                known = await Task.WhenAll(tasks.Select(rig.Report));
                return known.All(report => report is { Results: > 0, Activity: CheckActivity.Waiting });
            },
            () => true,
            "the first results"
        );
        var (soft, _) = DescriptorLimit.Current;
        ThreadPool.GetMaxThreads(out var workers, out var completions);
        // The runtime cannot start a thread without a descriptor either, and does not survive that.
        Assert.True(
            ThreadPool.SetMaxThreads(Math.Max(ThreadPool.ThreadCount, Environment.ProcessorCount), completions)
        );
        Limit(3);
        try
        {
            foreach (var task in tasks)
            {
                _ = await rig.Results(task, 8);
            }
        }
        finally
        {
            _ = DescriptorLimit.Raise(0);
            ThreadPool.SetMaxThreads(workers, completions);
        }

        Limit(soft);
        foreach (var before in known)
        {
            var report = await rig.Report(before.Task);
            Assert.Null(report.Recent[0].IsGood);
            Assert.Equal(before.Health, report.Health);
        }

        Assert.Equal("no descriptor is free on this machine", (await rig.Report(tasks[0])).Recent[0].Reason);
    }

    private static void Limit(ulong soft) =>
        Tool.Run(
            "prlimit",
            "--pid",
            $"{Environment.ProcessId}",
            string.Create(CultureInfo.InvariantCulture, $"--nofile={soft}:")
        );

    // Fewer when what tests before have left was closed meanwhile.
    private static async Task Come(List<string> before)
    {
        try
        {
            await Wait.Until(() => Open().Count <= before.Count, $"no more than {before.Count} descriptors");
        }
        catch (TimeoutException e)
        {
            Assert.Fail($"{e.Message}; new are {string.Join(", ", Open().Except(before, StringComparer.Ordinal))}");
        }
    }

    // Each with what it is open on; one that was closed meanwhile is open on nothing.
    private static List<string> Open() =>
        [
            .. Directory
                .EnumerateFileSystemEntries("/proc/self/fd")
                .Select(path => $"{Path.GetFileName(path)} {new FileInfo(path).LinkTarget}"),
        ];

    // The servers do what they like when they like: time does not wait for them.
    private async Task AskAll(int results)
    {
        using var rig = new ProberRig(new() { MaxProbes = 16, MaxPerHost = 10 });
        var servers = Streams
            .Select(pair => new StreamAdversary(pair.Script, rig.Time, certificate: tls["good"].Context))
            .ToList();
        var tasks = Streams
            .Zip(servers, (pair, server) => ProberRig.TaskFor(Probe(pair.Probe), server.EndPoint))
            .Concat(Others())
            .SelectMany(task => Enumerable.Range(0, 4).Select(i => task with { Port = task.Port, Rise = i + 1 }))
            .ToArray();
        await rig.Begin(tasks);
        await rig.RunUntil(
            async () =>
                (await rig.Prober.ReadAsync(null, TestContext.Current.CancellationToken)).All(report =>
                    report.Results >= results
                ),
            () => true,
            "all results"
        );
        rig.Ask();
        Assert.Equal(0, await rig.Prober.CountAsync());
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    private async Task EndInTheMiddle(string number)
    {
        var rig = new ProberRig(new() { MaxProbes = 12 });
        await using var silent = new StreamAdversary("hear | silent", rig.Time);
        string[] words = ["tls", "tcp-expect", "http", "https", "http2", "dns-tcp", "dns", "udp", "radius", "redis"];
        var command = new ExecProbe { Command = ["/bin/sh", "-c", $"echo $$ > {number}; exec sleep 1000"] };
        var tasks = words
            .Where(word => word != "radius")
            .Select(word => ProberRig.TaskFor(Probe(word), silent.EndPoint))
            .SelectMany(task => Enumerable.Range(1, 2).Select(rise => task with { Rise = rise }))
            .ToArray();
        var program = ProberRig.TaskFor(command, silent.EndPoint);
        await rig.Begin(program);
        rig.Ask([.. tasks, program]);
        for (var i = 0; i < tasks.Length; i++)
        {
            rig.Time.Advance(ProberRig.Tick);
            await rig.Settle();
        }

        await Wait.Until(() => silent.Met > 3, "probes under way");
        await Wait.Until(() => File.Exists(number) && new FileInfo(number).Length > 0, "the program to run");
        var reports = await rig.Prober.ReadAsync(null, TestContext.Current.CancellationToken);
        Assert.Contains(reports, report => report.Activity == CheckActivity.Queued);
        Assert.Contains(reports, report => report.Activity == CheckActivity.Asking);
        rig.Dispose();
        rig.Dispose();
    }

    private ProbeSpec Probe(string word) => ProbeKinds.Of(word, tls.Trusted with { ServerName = "shop.example.com" });

    private static IEnumerable<ProbeTask> Others()
    {
        var closed = new IPEndPoint(IPAddress.Loopback, Fulcrum.TestKit.Peers.Ports.Unused());
        yield return ProberRig.TaskFor(new TcpProbe(), closed);
        yield return ProberRig.TaskFor(new UdpProbe { Send = "ping" }, closed);
        yield return ProberRig.TaskFor(new DnsProbe { Query = "example.com" }, closed);
        yield return ProberRig.TaskFor(new ExecProbe { Command = ["/bin/false"] }, closed);
        yield return ProberRig.TaskFor(new TcpProbe(), closed) with
        {
            Source = IPAddress.Parse("192.0.2.200"),
        };
    }
}
