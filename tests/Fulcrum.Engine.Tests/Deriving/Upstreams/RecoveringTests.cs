using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class RecoveringTests
{
    private static readonly Recovery SlowStart = new()
    {
        Mode = RecoveryMode.SlowStart,
        Ramp = TimeSpan.FromSeconds(20),
    };
    private static readonly Recovery History = new() { Mode = RecoveryMode.History, Samples = 100 };

    // b, of weight 3, comes back at 100 s; its weight so long after.
    [Theory]
    [InlineData(0, 15, "table: slow-start time curve, the first of 20 steps")]
    [InlineData(0.999, 15, "table: slow-start time curve")]
    [InlineData(1, 30, "table: slow-start time curve")]
    [InlineData(9.999, 150, "table: slow-start time curve")]
    [InlineData(10, 165, "table: slow-start time curve, half")]
    [InlineData(18.999, 285, "table: slow-start time curve")]
    [InlineData(19, 300, "table: slow-start time curve, the last of 20 steps")]
    [InlineData(1000, 300, "table: slow-start time curve")]
    public void The_weight_grows_by_steps_of_time(double after, int weight, string source)
    {
        var scene = With(SlowStart, "H H");
        scene.Change("b", one => one with { Weight = 3 });
        ComeBack(scene);
        Assert.Equal(("SS", "100 15"), (scene.Duties, scene.Weights));
        _ = scene.At(100 + after).Decide();
        Assert.True($"100 {weight}" == scene.Weights, $"{source}: {scene.Weights}");
        Assert.Equal(
            weight == 300 ? "healthy" : $"healthy, back to {weight / 3}% of its weight",
            scene.Fact("b").Reason.Text
        );
        Assert.Equal(3, scene.Fact("b").Weight);
    }

    [Fact]
    public void Each_step_is_waited_for_and_nothing_changes_between()
    {
        var scene = With(SlowStart with { Ramp = TimeSpan.FromTicks(1_000_003) }, "H H");
        ComeBack(scene);
        var weights = new List<int> { scene.Plane("b").Weight };
        while (scene.Last!.WakeAt is { } at)
        {
            Assert.True(at > scene.Now);
            var before = scene.Last;
            scene.Now = at.AddTicks(-1);
            Assert.Same(before, scene.Decide());
            scene.Now = at;
            _ = scene.Decide();
            weights.Add(scene.Plane("b").Weight);
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(step => step * 5), weights);
    }

    [Theory]
    [InlineData("unhealthy", true, "table: slow start after a failure")]
    [InlineData("ejected", true, "table: slow start after an ejection")]
    [InlineData("disabled", true, "table: slow start after being disabled")]
    [InlineData("drained", true, "table: slow start after a drain")]
    [InlineData("removed", true, "table: slow start of one that returns")]
    [InlineData("unknown", false, "unknown is not down")]
    [InlineData("reweighted", false, "it was there all the time")]
    public void Who_was_down_starts_slowly(string what, bool slowly, string source)
    {
        var scene = With(SlowStart, "H H");
        scene.Upstream = scene.Upstream with { Eject = new() { For = TimeSpan.FromSeconds(50) } };
        _ = scene.Decide();
        var (whole, health) = (scene.Upstream, scene.Inputs.Health);
        switch (what)
        {
            case "unhealthy":
                scene.Say("b", Verdict.Unhealthy);
                break;
            case "unknown":
                scene.Say("b", Verdict.Unknown);
                break;
            case "ejected":
                var signal = new PassiveSignal("web", "b", scene.Now, "bad");
                scene.Inputs = scene.Inputs with { Passive = scene.Inputs.Passive.With("web/b", signal) };
                break;
            case "disabled":
                scene.Change("b", one => one with { Status = BackendStatus.Disabled });
                break;
            case "drained":
                scene.Override(OverrideTargetKind.Host, "10.0.0.2", OverrideAction.Drain, expires: 100);
                break;
            case "removed":
                scene.Remove("b");
                break;
            default:
                scene.Change("b", one => one with { Weight = 2 });
                break;
        }

        _ = scene.Decide();
        (scene.Upstream, scene.Inputs) = (whole, scene.Inputs with { Health = health });
        _ = scene.At(100).Decide();
        Assert.True((slowly ? "100 5" : "100 100") == scene.Weights, $"{source}: {scene.Weights}");
        Assert.Equal("SS", scene.Duties);
    }

    [Fact]
    public void A_new_member_starts_slowly_beside_others_and_a_new_upstream_does_not()
    {
        var scene = With(SlowStart, "H H");
        Assert.Equal("100 100", scene.Weights);
        var c = Snapshots.Backend("10.0.0.3") with { Name = "c" };
        scene.Upstream = scene.Upstream with { Backends = scene.Upstream.Backends.Add(c) };
        _ = scene.Decide();
        Assert.Equal("100 100 5", scene.Weights);
    }

    [Fact]
    public void A_new_member_beside_nobody_is_needed_whole()
    {
        var scene = With(SlowStart, "X");
        var c = Snapshots.Backend("10.0.0.3") with { Name = "c" };
        scene.Upstream = scene.Upstream with { Backends = scene.Upstream.Backends.Add(c) };
        _ = scene.Decide();
        Assert.Equal(("RS", "100 100"), (scene.Duties, scene.Weights));
    }

    [Fact]
    public void Going_down_on_the_way_begins_again()
    {
        var scene = With(SlowStart, "H H");
        ComeBack(scene);
        _ = scene.At(110).Decide();
        Assert.Equal("100 55", scene.Weights);
        scene.Say("b", Verdict.Unhealthy);
        _ = scene.Decide();
        Assert.Equal("SR", scene.Duties);
        scene.Say("b", Verdict.Healthy);
        _ = scene.At(120).Decide();
        Assert.Equal("100 5", scene.Weights);
    }

    // GORB's record as results of a check at a weight of 100: the share of good ones after each, and its weight.
    [Fact]
    public void The_weight_follows_the_share_of_good_results()
    {
        var scene = With(History, "H H");
        scene.Change("b", one => one with { Weight = 100 });
        _ = scene.Decide();
        (Verdict Verdict, double Share, string Duties, int Gorb, string Source)[] rows =
        [
            (Verdict.Healthy, 1, "SS", 100, "gorb 1.3: 100"),
            (Verdict.Unhealthy, 0, "SR", 0, "gorb 1.3: 0 while it is down"),
            (Verdict.Healthy, 3.0 / 7, "SS", 42, "gorb 1.3: 42 (3/7)"),
            (Verdict.Healthy, 4.0 / 8, "SS", 50, "gorb 1.3: 50"),
            (Verdict.Healthy, 5.0 / 9, "SS", 55, "gorb 1.3: 55"),
            (Verdict.Unhealthy, 5.0 / 10, "SR", 0, "gorb 1.3, not copied: going down again kept 55"),
            (Verdict.Healthy, 6.0 / 11, "SS", 54, "gorb 1.3: int32(stash * health)"),
            (Verdict.Healthy, 0.99, "SS", 99, "gorb 1.3: un-stashed only at the whole weight"),
            (Verdict.Healthy, 1, "SS", 100, "gorb 1.3: un-stashed"),
            (Verdict.Healthy, 0.99, "SS", 100, "gorb 1.3: only what was down comes back by its share"),
        ];
        foreach (var (verdict, share, duties, gorb, source) in rows)
        {
            scene.Say("b", verdict, share: share);
            _ = scene.Decide();
            Assert.True(duties == scene.Duties, $"{source}: {scene.Duties}");
            var weight = scene.Plane("b").Duty == BackendDuty.Serve ? scene.Plane("b").Weight / 100 : 0;
            Assert.True(gorb == weight, $"{source}: {weight}");
            Assert.Equal((100, 100), (scene.Plane("a").Weight, scene.Fact("b").Weight));
        }
    }

    [Fact]
    public void A_small_weight_is_not_lost_in_its_share()
    {
        var scene = With(History, "H H");
        scene.Say("b", Verdict.Unhealthy, share: 0);
        _ = scene.Decide();
        scene.Say("b", Verdict.Healthy, share: 0.001);
        _ = scene.Decide();
        Assert.Equal("100 1", scene.Weights);
        scene.Say("b", Verdict.Healthy, share: 3.0 / 7);
        _ = scene.Decide();
        Assert.Equal(("100 42", "healthy, back to 42% of its weight"), (scene.Weights, scene.Fact("b").Reason.Text));
    }

    [Fact]
    public void A_weight_given_on_the_way_holds_at_once()
    {
        var scene = With(History, "H H");
        scene.Say("b", Verdict.Unhealthy, share: 0);
        _ = scene.Decide();
        scene.Say("b", Verdict.Healthy, share: 0.5);
        _ = scene.Decide();
        Assert.Equal("100 50", scene.Weights);
        scene.Override(OverrideTargetKind.Backend, "web/b", OverrideAction.Weight, 40);
        _ = scene.Decide();
        Assert.Equal("100 2000", scene.Weights);
        scene.Say("b", Verdict.Healthy, share: 0.75);
        _ = scene.Decide();
        Assert.Equal("100 3000", scene.Weights);
    }

    [Fact]
    public void Where_nothing_is_known_of_the_past_the_weight_is_whole()
    {
        var scene = With(History, "H H");
        scene.Say("b", Verdict.Unhealthy);
        _ = scene.Decide();
        scene.Say("b", Verdict.Healthy);
        _ = scene.Decide();
        Assert.Equal("100 100", scene.Weights);
    }

    [Fact]
    public void Probes_keep_as_many_results_as_history_looks_back_on()
    {
        Assert.All(With(History, "H H").Last!.Probes, task => Assert.Equal(100, task.Samples));
        Assert.All(With(SlowStart, "H H").Last!.Probes, task => Assert.Equal(0, task.Samples));
        Assert.All(With(null, "H H").Last!.Probes, task => Assert.Equal(0, task.Samples));
    }

    [Theory]
    [InlineData(1, "400 100", "haproxy: agent-check 100%")]
    [InlineData(0.75, "400 75", "haproxy: agent-check 75%")]
    [InlineData(0.339, "400 33", "haproxy: agent-check, rounded down")]
    [InlineData(0.001, "400 1", "a serving member weighs at least 1")]
    public void Scores_are_multiplied_on(double score, string weights, string source)
    {
        var scene = With(null, "H H");
        scene.Change("a", one => one with { Weight = 4 });
        scene.Say("b", Verdict.Healthy, score: score);
        _ = scene.Decide();
        Assert.True(weights == scene.Weights, $"{source}: {scene.Weights}");
    }

    /// <summary>haproxy: agent-check drain.</summary>
    [Fact]
    public void Who_has_no_score_at_all_gets_nothing_new_and_stays_healthy()
    {
        var scene = With(null, "H H");
        scene.Say("b", Verdict.Healthy, score: 0);
        _ = scene.Decide();
        var (backend, fact) = (scene.Last!.Plane.Backends[1], scene.Last.Facts[1]);
        Assert.Equal((BackendDuty.Rest, Verdict.Healthy), (backend.Duty, fact.Verdict));
        Assert.IsType<ScoredZero>(fact.Reason);
        scene.Say("a", Verdict.Healthy, score: 0);
        _ = scene.Decide();
        Assert.False(scene.Last.Serves);
    }

    [Fact]
    public void The_least_score_counts()
    {
        var scene = new Scene("H H");
        scene.Policy = new() { Checks = [Snapshots.TcpCheck, new() { Probe = new AgentProbe() }] };
        _ = scene.Answered();
        scene.Say("b", Verdict.Healthy, check: 0, score: 0.5);
        scene.Say("b", Verdict.Healthy, check: 1, score: 0.8);
        _ = scene.Decide();
        Assert.Equal("100 50", scene.Weights);
    }

    [Theory]
    [InlineData(RecoveryMode.Immediate, false, "1 1")]
    [InlineData(RecoveryMode.SlowStart, false, "100 100")]
    [InlineData(RecoveryMode.History, false, "100 100")]
    [InlineData(RecoveryMode.Immediate, true, "100 100")]
    public void Weights_are_in_hundredths_where_parts_of_them_may_come(RecoveryMode mode, bool agent, string weights)
    {
        var scene = new Scene("? ?");
        scene.Upstream = scene.Upstream with { Recovery = new() { Mode = mode } };
        scene.Policy = new() { Checks = [new() { Probe = agent ? new AgentProbe() : new TcpProbe() }] };
        _ = scene.Decide();
        Assert.Equal(weights, scene.Weights);
    }

    private static Scene With(Recovery? recovery, string members)
    {
        var scene = new Scene(members);
        scene.Upstream = scene.Upstream with { Recovery = recovery };
        _ = scene.Answered().Decide();
        return scene;
    }

    private static void ComeBack(Scene scene)
    {
        scene.Say("b", Verdict.Unhealthy);
        _ = scene.At(50).Decide();
        scene.Say("b", Verdict.Healthy);
        _ = scene.At(100).Decide();
    }
}
