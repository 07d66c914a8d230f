using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class WatermarkTests
{
    [Theory]
    [InlineData(0, 0, "0%", false, "seesaw 3.2 rule 2: false if numBackends is 0")]
    [InlineData(0, 0, "0", false, "seesaw 3.2 rule 2: false if numBackends is 0")]
    [InlineData(0, 5, "0%", false, "seesaw 3.2 rule 2: false if numHealthy is 0")]
    [InlineData(0, 5, "0", false, "seesaw 3.2 rule 2: false if numHealthy is 0")]
    [InlineData(1, 5, "0%", true, "seesaw 3.2 rule 2: one is enough at 0")]
    [InlineData(1, 5, "0", true, "seesaw 3.2 rule 2: one is enough at 0")]
    [InlineData(3, 5, "60%", true, "seesaw 3.2 rule 2: at least, not more than")]
    [InlineData(2, 5, "60%", false, "seesaw 3.2 rule 2")]
    [InlineData(5, 5, "100%", true, "seesaw 3.2 rule 2")]
    [InlineData(4, 5, "100%", false, "seesaw 3.2 rule 2")]
    [InlineData(1, 3, "33.3333333333%", true, "seesaw 3.2 rule 2: float32")]
    [InlineData(1, 3, "33.33333334%", true, "seesaw 3.2 rule 2: float32 rounds both to the same")]
    [InlineData(1, 3, "33.334%", false, "seesaw 3.2 rule 2: float32")]
    [InlineData(2, 3, "66.6666666667%", true, "seesaw 3.2 rule 2: float32")]
    [InlineData(7, 10, "70%", true, "seesaw 3.2 rule 2: float32")]
    [InlineData(99_999, 100_000, "99.999%", true, "seesaw 3.2 rule 2: float32")]
    [InlineData(2, 5, "2", true, "seesaw 9: absolute counts")]
    [InlineData(1, 5, "2", false, "seesaw 9: absolute counts")]
    [InlineData(5, 5, "6", false, "seesaw 9: absolute counts")]
    public void Enough_is_at_least_the_amount_and_at_least_one(
        int count,
        int total,
        string amount,
        bool enough,
        string source
    ) => Assert.True(enough == Watermark.Meets(count, total, Scene.Amount(amount)), source);

    // Of five: healthy, and those that may be.
    [Theory]
    [InlineData(false, 3, 3, "60%", "30%", Verdict.Healthy, "seesaw 3.2 rule 2: come up at the high mark")]
    [InlineData(false, 2, 2, "60%", "30%", Verdict.Unhealthy, "seesaw 3.2 rule 2: not at the low one")]
    [InlineData(true, 2, 2, "60%", "30%", Verdict.Healthy, "seesaw 3.2 rule 2: stay up at the low mark")]
    [InlineData(true, 1, 1, "60%", "30%", Verdict.Unhealthy, "seesaw 3.2 rule 2: go down below it")]
    [InlineData(true, 2, 2, "60%", null, Verdict.Unhealthy, "seesaw 3.2 rule 2: one mark is both")]
    [InlineData(true, 1, 1, "3", "1", Verdict.Healthy, "seesaw 9: absolute counts")]
    [InlineData(false, 2, 2, "3", "1", Verdict.Unhealthy, "seesaw 9: absolute counts")]
    [InlineData(true, 1, 1, "60%", "0%", Verdict.Healthy, "seesaw 3.2 rule 2: low 0")]
    [InlineData(true, 0, 0, "60%", "0%", Verdict.Unhealthy, "seesaw 3.2 rule 2: nobody is never enough")]
    [InlineData(false, 3, 3, "60%", "4", Verdict.Unhealthy, "seesaw 2.2: high below low makes high low")]
    [InlineData(false, 4, 4, "60%", "4", Verdict.Healthy, "seesaw 2.2: high below low makes high low")]
    [InlineData(true, 3, 3, "60%", "4", Verdict.Unhealthy, "seesaw 2.2: high below low makes high low")]
    [InlineData(true, 3, 3, "60%", "80%", Verdict.Unhealthy, "seesaw 2.2: high below low makes high low")]
    [InlineData(false, 0, 5, "60%", "30%", Verdict.Unknown, "design 2 check: unknown is not unhealthy")]
    [InlineData(false, 0, 3, "60%", "30%", Verdict.Unknown, "design 2 check: unknown is not unhealthy")]
    [InlineData(false, 0, 2, "60%", "30%", Verdict.Unhealthy, "design 2 check: too few can be")]
    [InlineData(true, 0, 5, "60%", "30%", Verdict.Healthy, "seesaw 3.2: a new check takes nothing down")]
    [InlineData(true, 0, 2, "60%", "30%", Verdict.Healthy, "seesaw 3.2: a new check takes nothing down")]
    [InlineData(true, 0, 1, "60%", "30%", Verdict.Unhealthy, "seesaw 3.2 rule 2: go down below it")]
    public void It_comes_up_at_the_high_mark_and_stays_up_down_to_the_low_one(
        bool wasUp,
        int healthy,
        int able,
        string atLeast,
        string? keepWhile,
        Verdict verdict,
        string source
    )
    {
        var judged = Watermark.Judge(wasUp, new(5, healthy, able), Scene.Marks(atLeast, keepWhile));
        Assert.True(verdict == judged, $"{source}: {judged}");
    }

    // Through the whole decision: who is in the denominator.
    [Theory]
    [InlineData("H H X", "60%", Verdict.Healthy, "SSR", "seesaw 3.2 rule 2")]
    [InlineData("H H Hd", "67%", Verdict.Unhealthy, "RRD", "seesaw 3.2 rule 2: DISABLED counts, 0.67")]
    [InlineData("H H Hd", "66%", Verdict.Healthy, "SSD", "seesaw 3.2 rule 2: DISABLED counts, 0.67")]
    [InlineData("H H Hp", "100%", Verdict.Healthy, "SS", "seesaw 2.2: BUILDING and PROPOSED do not count")]
    [InlineData("H H Ht", "100%", Verdict.Healthy, "SSD", "design 2 backend: terminating is on its way out")]
    [InlineData("H X Hs", "50%", Verdict.Healthy, "SRR", "design 2 backend: serving counts when none is ready")]
    [InlineData("H X Hs", "51%", Verdict.Unhealthy, "RRR", "design 2 backend: serving counts when none is ready")]
    [InlineData("X X Hs", "33%", Verdict.Healthy, "RRS", "design 2 backend: serving counts when none is ready")]
    [InlineData("X X Hs", "34%", Verdict.Unhealthy, "RRR", "design 2 backend: serving counts when none is ready")]
    [InlineData("H Hw0", "100%", Verdict.Healthy, "SR", "gorb 1.2: a weight of 0 drains, its health counts")]
    [InlineData("H Xw0", "100%", Verdict.Unhealthy, "RR", "gorb 1.2: a weight of 0 drains, its health counts")]
    [InlineData("Hd Hd", "1", Verdict.Unhealthy, "DD", "seesaw 3.2 rule 2: nobody is never enough")]
    [InlineData("Hp", "1", Verdict.Unhealthy, "", "seesaw 3.2 rule 2: false if numBackends is 0")]
    [InlineData("? ? ?", "60%", Verdict.Unknown, "SSS", "design 2 check: unknown is not unhealthy")]
    [InlineData("? X X", "60%", Verdict.Unhealthy, "RRR", "design 2 check: too few can be")]
    [InlineData("H ? X", "60%", Verdict.Unknown, "SSR", "design 2 check: enough may be")]
    public void Who_counts(string members, string atLeast, Verdict verdict, string duties, string source)
    {
        var scene = new Scene(members);
        scene.Policy = scene.Policy with { Healthy = Scene.Marks(atLeast) };
        // From the start, not from what held before the answers came.
        _ = scene.Answered();
        scene.Last = null;
        Assert.True(verdict == scene.Decide().Verdict, $"{source}: {scene.Last!.Reason}");
        Assert.True(duties == scene.Duties, $"{source}: {scene.Duties}");
    }

    [Fact]
    public void The_marks_make_a_band_and_the_reason_names_the_mark_that_is_waited_for()
    {
        var scene = new Scene("H H H X X");
        scene.Policy = scene.Policy with { Healthy = Scene.Marks("60%", "40%") };
        Assert.Equal(Verdict.Healthy, scene.Answered().Decide().Verdict);
        Assert.Equal("3 of 5 healthy", scene.Last!.Reason.Text);

        scene.Say("a", Verdict.Unhealthy);
        Assert.Equal((Verdict.Healthy, "RSSRR"), (scene.Decide().Verdict, scene.Duties));

        scene.Say("b", Verdict.Unhealthy);
        Assert.Equal((Verdict.Unhealthy, "RRRRR"), (scene.Decide().Verdict, scene.Duties));
        Assert.Equal("1 of 5 healthy (20%), keep-while is 40%", scene.Last!.Reason.Text);
        Assert.Equal("backend/web/a", scene.Last.Reason.Cause!.ToString());
        Assert.Equal(scene.Last.Reason, scene.Fact("c").Reason);

        scene.Say("a", Verdict.Healthy);
        Assert.Equal(Verdict.Unhealthy, scene.Decide().Verdict);
        Assert.Equal("2 of 5 healthy (40%), at-least is 60%", scene.Last!.Reason.Text);

        scene.Say("b", Verdict.Healthy);
        Assert.Equal((Verdict.Healthy, "SSSRR"), (scene.Decide().Verdict, scene.Duties));
    }

    [Fact]
    public void One_that_never_was_up_waits_for_the_high_mark()
    {
        var scene = new Scene("H X X X X");
        scene.Policy = scene.Policy with { Healthy = Scene.Marks("3", "2") };
        _ = scene.Answered();
        scene.Last = null;
        Assert.Equal("1 of 5 healthy, at-least is 3", scene.Decide().Reason.Text);
    }

    [Theory]
    [InlineData("X X", "SS", Verdict.Healthy, "nobody is healthy: fails open", "seesaw 9: fail-open option")]
    [InlineData("X Xd", "SD", Verdict.Healthy, "nobody is healthy: fails open", "fails open: not to what is off")]
    [InlineData("X Xw0", "SR", Verdict.Healthy, "nobody is healthy: fails open", "fails open: not to weight 0")]
    [InlineData("X X1", "SS", Verdict.Healthy, "nobody is healthy: fails open", "fails open: every priority")]
    [InlineData("X Xs", "SS", Verdict.Healthy, "nobody is healthy: fails open", "fails open: also not ready")]
    [InlineData("H X", "RR", Verdict.Unhealthy, "1 of 2 healthy, at-least is 2", "fails open: only without anybody")]
    [InlineData(
        "? X",
        "RR",
        Verdict.Unhealthy,
        "0 of 2 healthy, 1 not known yet, at-least is 2",
        "only without anybody"
    )]
    [InlineData("Xd Xd", "DD", Verdict.Unhealthy, "0 of 2 healthy, at-least is 2", "fails open: to somebody")]
    public void When_nobody_is_able_all_may_be_tried(
        string members,
        string duties,
        Verdict verdict,
        string reason,
        string source
    )
    {
        var scene = new Scene(members);
        scene.Policy = scene.Policy with { Healthy = Scene.Marks("2", null, WhenNone.All) };
        _ = scene.Answered().Decide();
        Assert.True(duties == scene.Duties, $"{source}: {scene.Duties}");
        Assert.Equal((verdict, reason), (scene.Last!.Verdict, scene.Last.Reason.Text));
        if (verdict == Verdict.Healthy)
        {
            Assert.Equal("fails open: tcp: connection refused", scene.Fact("a").Reason.Text);
            Assert.Equal("check/web/a/tcp", scene.Fact("a").Reason.Cause!.ToString());
        }
    }

    [Fact]
    public void Failing_open_is_not_being_up()
    {
        var scene = new Scene("H H H");
        scene.Policy = scene.Policy with { Healthy = Scene.Marks("3", "1", WhenNone.All) };
        Assert.Equal(Verdict.Healthy, scene.Answered().Decide().Verdict);
        foreach (var member in new[] { "a", "b", "c" })
        {
            scene.Say(member, Verdict.Unhealthy);
        }

        Assert.Equal("nobody is healthy: fails open", scene.Decide().Reason.Text);
        scene.Say("a", Verdict.Healthy);
        Assert.Equal((Verdict.Unhealthy, "RRR"), (scene.Decide().Verdict, scene.Duties));
    }
}
