using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Scheduling;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.TestKit.Load;

namespace Fulcrum.Health.Tests;

/// <summary>What is told of checks beside their health.</summary>
public sealed class WatchingTests : IHealthListener, IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly TemporaryDirectory _folder = new();
    private readonly Prober _prober;

    public WatchingTests() => _prober = new(this, _time, Seeds.NewRandom(), new());

    public void Dispose()
    {
        _prober.Dispose();
        _folder.Dispose();
    }

    void IHealthListener.OnHealth(ProbeTask task, CheckHealth health) { }

    [Fact]
    public async Task Flapping_is_told_when_it_begins_and_when_it_ends_though_no_verdict_changes()
    {
        var (count, isSteady) = (0, false);
        await using var server = TcpServer.Start(
            null,
            new(IPAddress.Loopback, 0),
            async socket =>
            {
                var isGood = Interlocked.Increment(ref count) % 2 == 1 || Volatile.Read(ref isSteady);
                await socket.SendAsync(isGood ? "good"u8.ToArray() : "bad!"u8.ToArray());
                socket.Shutdown(SocketShutdown.Both);
            }
        );
        var expect = new TextPattern(TextPatternKind.Exact, "good");
        _prober.Apply(Map.SetOf<ProbeTask>(ProberTests.TaskFor(new TcpProbe { Expect = expect }, server.EndPoint)));
        await ProbeAsync(15);
        Volatile.Write(ref isSteady, true);
        await ProbeAsync(20);
        Assert.Equal(
            [
                (1, Verdict.Unknown, Verdict.Healthy, false, false),
                (2, Verdict.Healthy, Verdict.Healthy, false, true),
                (3, Verdict.Healthy, Verdict.Healthy, true, false),
            ],
            _prober.TransitionsAfter(0).Select(one => (one.Sequence, one.From, one.To, one.WasFlapping, one.IsFlapping))
        );
        Assert.Equal(1, (await ReadAsync()).Transitions);
    }

    [Fact]
    public async Task A_file_for_tls_that_was_changed_and_cannot_be_used_is_told_to_who_reads_problems()
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), _ => Task.CompletedTask);
        using var authority = TestAuthority.Create();
        var tls = new TlsConnection
        {
            Verify = TlsVerify.Authorities,
            Authorities = _folder.Write("ca.pem", authority.Pem),
        };
        _prober.Apply(Map.SetOf<ProbeTask>(ProberTests.TaskFor(new TcpProbe { Tls = tls }, server.EndPoint)));
        await ProbeAsync(2);
        Assert.False(_prober.Problems.TryRead(out _));
        _folder.Write("ca.pem", "no certificate at all");
        await ProbeAsync(3);
        Assert.True(_prober.Problems.TryRead(out var problem));
        Assert.Contains("ca.pem: holds no certificate", problem, StringComparison.Ordinal);
        Assert.False(_prober.Problems.TryRead(out _));
    }

    [Fact]
    public void The_page_names_every_metric()
    {
        var published = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "fulcrum.checks")
            {
                published.Add(instrument.Name);
            }
        };
        listener.Start();
        var page = File.ReadAllText(Repository.PathOf("docs", "checks.md"));
        var named = Regex.Matches(page, @"`(?<name>fulcrum\.[a-z.]+)`", RegexOptions.ExplicitCapture, Patience);
        Assert.Equal(
            published.Order(StringComparer.Ordinal),
            named.Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal)
        );
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private async Task<CheckReport> ReadAsync() => Assert.Single(await _prober.ReadAsync(null, CancellationToken.None));

    // The clock stands while a probe is under way: none runs out of time.
    private async Task ProbeAsync(int times)
    {
        var goal = (await ReadAsync()).Results + times;
        await Wait.Until(
            async () =>
            {
                var report = await ReadAsync();
                if (report.Results < goal && report.NextIn is { } next)
                {
                    _time.Advance(next + TimeSpan.FromMilliseconds(1));
                }

                return report.Results >= goal;
            },
            $"{times} probes"
        );
    }
}
