using Fulcrum.Engine.Ports;

namespace Fulcrum.Health.Tests.Scheduling;

public sealed class ScheduledCheckTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // After each result: healthy, down, or not known.
    [Theory]
    [InlineData("+---+-", "hhhddd")]
    [InlineData("-++", "ddh")]
    [InlineData("+-+--+---", "hhhhhhhhd")]
    [InlineData("-+-+-++", "ddddddh")]
    [InlineData("+--?-", "hhhhd")]
    [InlineData("+-?-?-", "hhhhhd")]
    [InlineData("-+?+", "dddh")]
    [InlineData("?+", ".h")]
    [InlineData("??-", "..d")]
    [InlineData("+???", "hhhh")]
    [InlineData("-???", "dddd")]
    [InlineData("!+!!-!-!-", ".hhhhhhhd")]
    public async Task Rise_and_fall_are_counted_and_what_is_unclear_counts_neither_way(string script, string verdicts)
    {
        using var rig = new CheckRig(script);
        await rig.Start();
        var seen = "";
        for (var results = 1; results <= script.Length; results++)
        {
            var report = await rig.Results(results);
            Assert.Equal(results, report.Results);
            seen += report.Health.Verdict switch
            {
                Verdict.Healthy => 'h',
                Verdict.Unhealthy => 'd',
                _ => '.',
            };
        }

        Assert.Equal(verdicts, seen);
        Assert.Equal((0, 0), (rig.Held, rig.Gate.Running));
    }

    [Fact]
    public async Task Why_nothing_is_known_is_told_once()
    {
        using var rig = new CheckRig("????!!+??");
        await rig.Start();
        _ = await rig.Results(9);
        Assert.Equal(
            [(Verdict.Unknown, "unclear"), (Verdict.Unknown, "broken"), (Verdict.Healthy, "good")],
            rig.Heard.Select(news => (news.Health.Verdict, news.Health.Reason))
        );
    }

    // Least and most seconds between the starts, from the second probe on; the first two are spread by chance.
    [Theory]
    [InlineData("++++++++", null, null, "9-10 9-10 9-10 9-10 9-10 9-10")]
    [InlineData("........", null, null, "9-10 9-10 9-10 9-10 9-10 9-10")]
    [InlineData("l.l.l.l.", null, null, "9-10 9-10 9-10 9-10 9-10 9-10")]
    [InlineData("++-+--+-", 3.0, null, "9-10 2.7-3 9-10 2.7-3 2.7-3 9-10")]
    [InlineData("++---+++", 3.0, null, "9-10 2.7-3 2.7-3 9-10 2.7-3 9-10")]
    [InlineData("++-.---.", 1.0, null, "9-10 0.9-1 2.5-2.5 9-10 9-10 9-10")]
    [InlineData("????????", 3.0, 40.0, "9-10 9-10 9-10 9-10 9-10 9-10")]
    [InlineData("--------", null, 40.0, "9-10 9-10 9-10 9-10 18-20 18-20")]
    public async Task The_interval_is_from_start_to_start(string script, double? fast, double? down, string expected)
    {
        using var rig = new CheckRig(
            script,
            task =>
                task with
                {
                    FastInterval = fast is { } f ? TimeSpan.FromSeconds(f) : null,
                    DownInterval = down is { } d ? TimeSpan.FromSeconds(d) : null,
                }
        );
        await rig.Start();
        _ = await rig.Until(_ => rig.Starts.Count == script.Length);
        Assert.InRange(rig.Starts[1] - rig.Starts[0], TimeSpan.Zero, Interval);
        var steps = expected.Split(' ');
        for (var i = 0; i < steps.Length; i++)
        {
            var bounds = steps[i].Split('-').Select(bound => double.Parse(bound, null) * 1000).ToArray();
            // Timers have whole milliseconds.
            var gap = (rig.Starts[i + 2] - rig.Starts[i + 1]).TotalMilliseconds;
            Assert.True(
                gap >= bounds[0] - 1 && gap <= bounds[1] + 1,
                $"step {i} of {script}: {gap} ms, not {steps[i]}"
            );
        }
    }

    // Between results the loop is held up until long after the deadline: L. A letter of the script belongs to each.
    [Theory]
    [InlineData("l", "L", "good")]
    [InlineData(".", "L", "late")]
    [InlineData("..", "LL", "late|timed out for .")]
    [InlineData("...", "LLL", "late|timed out for .|late")]
    [InlineData(".+.", "L L", "late|good|late")]
    [InlineData(".-.", "L L", "late|bad|late")]
    [InlineData(".?.", "L L", "late|unclear|timed out for .")]
    [InlineData(".", " ", "timed out for .")]
    [InlineData("h", " ", "timed out for .")]
    [InlineData("h", "L", "late")]
    [InlineData("hh", "LL", "late|timed out for .")]
    public async Task Who_looks_too_late_condemns_nobody_the_first_time(string script, string how, string reasons)
    {
        using var rig = new CheckRig(script);
        await rig.Start();
        for (var i = 0; i < how.Length; i++)
        {
            if (how[i] == 'L')
            {
                _ = await rig.Until(report => report.Activity == CheckActivity.Asking);
                await rig.HoldUp(TimeSpan.FromSeconds(9));
            }

            _ = await rig.Results(i + 1);
        }

        var report = await rig.Read();
        var late = "this machine looked 6500 ms too late for an answer";
        Assert.Equal(
            reasons.Replace("late", late, StringComparison.Ordinal),
            string.Join('|', report.Recent.Reverse().Select(result => result.Reason))
        );
        await rig.Do(rig.Check.Stop);
        Assert.Equal((0, 0), (rig.Held, rig.Gate.Running));
    }

    [Theory]
    [InlineData(36.0)]
    [InlineData(-36.0)]
    public async Task The_wall_clock_steps_and_nothing_else_does(double hours)
    {
        using var steady = new CheckRig("+---.++.");
        using var stepped = new CheckRig("+---.++.");
        foreach (var rig in (CheckRig[])[steady, stepped])
        {
            rig.OnNews = () => Assert.Equal(rig.Time.GetUtcNow(), rig.Heard[^1].Health.Since);
            await rig.Start();
            for (var results = 1; results <= 8; results++)
            {
                _ = await rig.Results(results);
                if (rig == stepped)
                {
                    rig.Time.StepWallClock(TimeSpan.FromHours(results % 2 == 0 ? hours : -hours * 2));
                }

                var report = await rig.Read();
                // Each is told by how long ago it was.
                Assert.Equal(rig.Time.GetUtcNow(), report.Recent[0].At);
            }

            Assert.Equal(0, rig.Loop.Counters.Faults);

            Assert.All(
                rig.Starts.Skip(1).Zip(rig.Starts.Skip(2)),
                pair =>
                    Assert.InRange(
                        pair.Second - pair.First,
                        Interval * 0.9 - TimeSpan.FromMilliseconds(1),
                        Interval + TimeSpan.FromMilliseconds(1)
                    )
            );
        }

        Assert.Equal(
            steady.Heard.Select(news => (news.Health.Verdict, news.Health.Reason)),
            stepped.Heard.Select(news => (news.Health.Verdict, news.Health.Reason))
        );
    }

    // Asking, and waiting.
    [Theory]
    [InlineData("+.")]
    [InlineData("-.")]
    [InlineData("++")]
    [InlineData("--")]
    public async Task Who_is_paused_keeps_what_he_knows(string script)
    {
        using var rig = new CheckRig(script);
        await rig.Start();
        _ = await rig.Results(1);
        _ = await rig.Until(_ => rig.Starts.Count == 2);
        var known = (await rig.Read()).Health;
        await rig.Do(() => rig.Check.Retask(rig.Check.Task with { Paused = true }));
        var paused = await rig.Read();
        Assert.Equal((CheckActivity.Paused, known, null), (paused.Activity, paused.Health, paused.NextIn));
        Assert.Equal((0, 0), (rig.Held, rig.Gate.Running));
        Assert.Equal(0, await rig.Loop.InvokeAsync(() => rig.Loop.Reactor.Timers));
        rig.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(paused.Results, (await rig.Read()).Results);

        await rig.Do(() => rig.Check.Retask(rig.Check.Task with { Paused = false }));
        Assert.Equal(known, (await rig.Read()).Health);
        _ = await rig.Until(_ => rig.Starts.Count == 3);
        // What it knew was told again with each task, and is the same.
        Assert.All(rig.Heard, news => Assert.Equal(known.Verdict, news.Health.Verdict));
        Assert.Equal(1, (await rig.Read()).Transitions);
    }

    [Fact]
    public async Task Other_times_keep_counts_verdict_and_history()
    {
        using var rig = new CheckRig("+---", task => task with { Samples = 4 });
        await rig.Start();
        var before = await rig.Results(3);
        var told = rig.Heard.Count;
        var task = rig.Check.Task with { Interval = TimeSpan.FromSeconds(4), Timeout = TimeSpan.FromSeconds(1) };
        await rig.Do(() => rig.Check.Retask(task));
        var after = await rig.Read();
        Assert.Equal((before.Health, before.InARow, before.Results), (after.Health, after.InARow, after.Results));
        Assert.Equal(before.Recent, after.Recent);
        var news = Assert.Single(rig.Heard.Skip(told));
        Assert.Equal((task, before.Health), (news.Task, news.Health));

        // The third bad one in a row; a quarter of four is good. It comes an interval after the start of the last.
        var last = await rig.Results(4);
        Assert.Equal((Verdict.Unhealthy, 0.25), (last.Health.Verdict, last.Health.GoodShare));
        Assert.InRange(rig.Starts[3] - rig.Starts[2], task.Interval * 0.9, task.Interval);
        Assert.Same(task, rig.Heard[^1].Task);
    }

    [Fact]
    public async Task Who_was_never_asked_keeps_his_place_when_only_times_change()
    {
        using var rig = new CheckRig("+");
        await rig.Do(() => rig.Check.Start(5000));
        await rig.Do(() => rig.Check.Retask(rig.Check.Task with { Fall = 1 }));
        _ = await rig.Results(1);
        Assert.InRange(rig.Starts[0].TotalMilliseconds, 4980, 5000);
    }

    [Fact]
    public async Task Who_is_told_may_throw_and_the_check_goes_on()
    {
        using var rig = new CheckRig("+---++") { OnNews = () => throw new InvalidOperationException("deaf") };
        await rig.Start();
        var report = await rig.Results(6);
        Assert.Equal(Verdict.Healthy, report.Health.Verdict);
        Assert.Equal((3, 0, 3), (rig.Heard.Count, rig.Gate.Running, rig.Loop.Counters.Faults));
    }

    [Theory]
    [InlineData("+")]
    [InlineData(".")]
    [InlineData("-")]
    public async Task Who_is_stopped_leaves_nothing(string script)
    {
        using var rig = new CheckRig(script);
        await rig.Start();
        _ = await rig.Until(_ => rig.Starts.Count == 3);
        await rig.Do(rig.Check.Stop);
        Assert.Equal((0, 0, 0), (rig.Held, rig.Gate.Running, rig.Gate.Queued));
        Assert.Equal(0, await rig.Loop.InvokeAsync(() => rig.Loop.Reactor.Timers));
    }
}
