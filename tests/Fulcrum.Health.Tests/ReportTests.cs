using Fulcrum.Engine.Ports;
using Fulcrum.Health.Tests.Adversaries;
using Fulcrum.Health.Tests.Scheduling;
using Fulcrum.Health.Tests.Tls;
using Fulcrum.Health.Watching;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests;

public sealed class ReportTests(TlsFixture tls) : IClassFixture<TlsFixture>
{
    [Fact]
    public async Task A_report_tells_what_a_check_does_and_has_found()
    {
        using var rig = new CheckRig("+++--.");
        var report = await rig.Read();
        Assert.Equal(
            (CheckActivity.Paused, null, 0, 0L, 0L, "not asked yet"),
            (report.Activity, report.NextIn, report.InARow, report.Results, report.Transitions, report.Health.Reason)
        );
        Assert.Empty(report.Recent);

        await rig.Do(() => rig.Check.Start(700));
        report = await rig.Read();
        Assert.Equal(CheckActivity.Waiting, report.Activity);
        // The last common moment before.
        Assert.InRange(report.NextIn!.Value.TotalMilliseconds, 680, 700);
        report = await rig.Until(one => one.Activity == CheckActivity.Asking);
        Assert.Equal((null, 2, 5L, 1L), (report.NextIn, report.InARow, report.Results, report.Transitions));
        Assert.Equal((Verdict.Healthy, "bad"), (report.Health.Verdict, report.Health.Reason));
        Assert.Equal([false, false, true, true, true], report.Recent.Select(result => result.IsGood));
        Assert.Equal(report.Recent.OrderByDescending(result => result.At), report.Recent);

        report = await rig.Results(25);
        Assert.Equal(Enumerable.Repeat("timed out for .", 10), report.Recent.Select(result => result.Reason));
        Assert.Equal((22, 25L, 2L), (report.InARow, report.Results, report.Transitions));
    }

    [Fact]
    public async Task Flapping_is_told_also_where_the_verdict_stands()
    {
        using var rig = new CheckRig(string.Concat(Enumerable.Repeat("+-", 15)) + "+");
        await rig.Start();
        Assert.False((await rig.Results(10)).IsFlapping);
        var report = await rig.Results(25);
        Assert.Equal((true, Verdict.Healthy, 1L), (report.IsFlapping, report.Health.Verdict, report.Transitions));
        Assert.False((await rig.Results(60)).IsFlapping);
    }

    [Theory]
    [InlineData("tcp", "silent", 0, null, null)]
    [InlineData("agent", @"drip up\n", 0, null, 2000)]
    [InlineData("http", "hear | silent", 0, null, 2500)]
    [InlineData("https", "hear | silent", 0, null, null)]
    [InlineData("https", @"tls | hear | say HTTP/1.1 200 OK\r\n\r\n | silent", 0, 0, 0)]
    [InlineData("https", @"tls | hear | drip HTT", 0, 0, 2500)]
    public async Task Phases_are_told(string probe, string script, int? connect, int? handshake, int? answer)
    {
        using var rig = new ProberRig();
        await using var server = new StreamAdversary(script, rig.Time, certificate: tls["good"].Context);
        var task = ProberRig.TaskFor(
            ProbeKinds.Of(probe, tls.Trusted with { ServerName = "shop.example.com" }),
            server.EndPoint
        );
        await rig.Begin(task);
        _ = await rig.NewsOf(task, () => server.IsIdle);
        var result = (await rig.Report(task)).Recent[0];
        Assert.Equal(
            (connect, handshake, answer),
            (Milliseconds(result.Connect), Milliseconds(result.Tls), Milliseconds(result.Answer))
        );
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(1000, true)]
    public async Task A_certificate_that_ends_soon_is_a_warning(int days, bool warns)
    {
        using var rig = new ProberRig();
        await using var server = new StreamAdversary("tls | silent", rig.Time, certificate: tls["good"].Context);
        var trusted = tls.Trusted with { ServerName = "shop.example.com", WarnBefore = TimeSpan.FromDays(days) };
        var task = ProberRig.TaskFor(ProbeKinds.Of("tls", trusted), server.EndPoint);
        await rig.Begin(task);
        Assert.Equal(Verdict.Healthy, (await rig.NewsOf(task, () => server.IsIdle)).Health.Verdict);
        var warning = (await rig.Report(task)).Warning;
        var expected = $"certificate expires on {tls["good"].Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}";
        Assert.Equal(warns ? expected : null, warning);
    }

    [Fact]
    public async Task Changes_are_numbered_and_waited_for()
    {
        using var rig = new ProberRig();
        var first = rig.Prober.WaitForTransitionAsync(0);
        Assert.False(first.IsCompleted);
        var server = new StreamAdversary("close", rig.Time);
        var task = ProberRig.TaskFor(new TcpProbe(), server.EndPoint);
        await rig.Begin(task);
        await Wait.For(first, "the first change");
        var up = Assert.Single(rig.Prober.TransitionsAfter(0));
        Assert.Equal((1, Verdict.Unknown, Verdict.Healthy, "connected"), (up.Sequence, up.From, up.To, up.Reason));
        Assert.Same(task, up.Task);
        Assert.Empty(rig.Prober.TransitionsAfter(1));

        await server.DisposeAsync();
        var second = rig.Prober.WaitForTransitionAsync(1);
        var report = await rig.Results(task, 4);
        await Wait.For(second, "the second change");
        var down = Assert.Single(rig.Prober.TransitionsAfter(1));
        Assert.Equal(
            (2, Verdict.Healthy, Verdict.Unhealthy, "connection refused", report.Health.Since),
            (down.Sequence, down.From, down.To, down.Reason, down.At)
        );
        Assert.True(rig.Prober.WaitForTransitionAsync(1).IsCompleted);
        Assert.Empty(await rig.Prober.ReadAsync(_ => false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_oldest_changes_are_forgotten()
    {
        var log = new TransitionLog();
        var task = ProberRig.TaskFor(new TcpProbe(), new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1));
        for (var i = 0; i < TransitionLog.Kept + 10; i++)
        {
            log.Add(number => new(number, default, task, Verdict.Unknown, Verdict.Healthy, "", false, false));
        }

        var kept = log.After(0);
        Assert.Equal((TransitionLog.Kept, 11), (kept.Count, kept[0].Sequence));
        Assert.Equal([TransitionLog.Kept + 10], log.After(TransitionLog.Kept + 9).Select(one => one.Sequence));
        Assert.Empty(log.After(long.MaxValue));
    }

    private static double? Milliseconds(TimeSpan? span) => span?.TotalMilliseconds;
}
