using Fulcrum.Engine.Ports;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class ElectingTests
{
    [Theory]
    [InlineData("H0 H1 H2", "1", "SRR", Verdict.Healthy, "gobetween 2.4: the lowest priority")]
    [InlineData("X0 H1 H2", "1", "RSR", Verdict.Healthy, "gobetween 4: #62 backup backends")]
    [InlineData("X0 X1 H2", "1", "RRS", Verdict.Healthy, "gobetween 4: #62 backup backends")]
    [InlineData("?0 H1", "1", "SR", Verdict.Healthy, "design 2 check: unknown is not unhealthy")]
    [InlineData("?0 X1", "1", "SR", Verdict.Unknown, "design 2 check: unknown is not unhealthy")]
    [InlineData("Hd H1", "1", "DS", Verdict.Healthy, "gobetween 4: #62 backup backends")]
    [InlineData("Hw0 H1", "1", "RS", Verdict.Healthy, "one without weight serves nobody")]
    [InlineData("H2 H0", "1", "RS", Verdict.Healthy, "gobetween 2.4: 0 is best")]
    [InlineData("X0 H0 H1 H1", "60%", "RSSS", Verdict.Healthy, "table: min-healthy spill-over")]
    [InlineData("X0 H0 H0 H1 H1", "60%", "RSSRR", Verdict.Healthy, "table: min-healthy spill-over")]
    [InlineData("X0 H0 X1 H1 H2", "60%", "RSRSS", Verdict.Healthy, "table: spill-over to the first that is enough")]
    [InlineData("X0 H0 ?1 H2", "60%", "RSSR", Verdict.Healthy, "table: one that may be enough is enough")]
    [InlineData("X0 H0 X1 H1", "2", "RSRS", Verdict.Healthy, "table: all together are enough")]
    [InlineData("X0 H0 X1 ?1", "2", "RSRS", Verdict.Unknown, "table: all together may be enough")]
    [InlineData("X0 H0 X1 H1", "60%", "RRRR", Verdict.Unhealthy, "table: not even together")]
    [InlineData("X0 X1", "1", "RR", Verdict.Unhealthy, "seesaw 3.2 rule 2")]
    [InlineData("Hs H1", "1", "RS", Verdict.Healthy, "design 2 backend: serving only when none is ready")]
    [InlineData("Hs X1", "1", "SR", Verdict.Healthy, "design 2 backend: serving only when none is ready")]
    [InlineData("Hs Hw0", "1", "SR", Verdict.Healthy, "one without weight is nobody's competitor")]
    public void The_next_priority_joins_when_the_better_ones_are_not_enough(
        string members,
        string atLeast,
        string duties,
        Verdict verdict,
        string source
    )
    {
        var scene = new Scene(members);
        scene.Policy = scene.Policy with { Healthy = Scene.Marks(atLeast) };
        _ = scene.Answered();
        scene.Last = null;
        _ = scene.Decide();
        Assert.True(duties == scene.Duties, $"{source}: {scene.Duties}");
        Assert.True(verdict == scene.Last!.Verdict, $"{source}: {scene.Last.Reason}");
    }

    [Fact]
    public void It_spills_and_returns_within_the_band_of_its_priority()
    {
        var scene = new Scene("H0 H0 H0 H0 H1 H1");
        scene.Policy = scene.Policy with { Healthy = Scene.Marks("75%", "50%") };
        _ = scene.Answered().Decide();
        Assert.Equal("SSSSRR", scene.Duties);
        Assert.Equal("priority 0 serves", scene.Fact("e").Reason.Text);
        Assert.Equal("priority 0: 4 of 4 healthy", scene.Last!.Reason.Text);

        scene.Say("a", Verdict.Unhealthy);
        scene.Say("b", Verdict.Unhealthy);
        _ = scene.Decide();
        Assert.Equal("RRSSRR", scene.Duties);

        scene.Say("c", Verdict.Unhealthy);
        _ = scene.Decide();
        Assert.Equal(("RRRSSS", Verdict.Healthy), (scene.Duties, scene.Last!.Verdict));
        Assert.Equal("priority 1: 2 of 2 healthy", scene.Last.Reason.Text);

        scene.Say("b", Verdict.Healthy);
        _ = scene.Decide();
        Assert.Equal("RSRSSS", scene.Duties);

        scene.Say("a", Verdict.Healthy);
        _ = scene.Decide();
        Assert.Equal("SSRSRR", scene.Duties);
    }

    [Fact]
    public void Reserves_name_the_priority_that_suffices()
    {
        var scene = new Scene("X0 H1 H2").Answered();
        _ = scene.Decide();
        Assert.Equal("priority 1 serves", scene.Fact("c").Reason.Text);
        Assert.Equal("tcp: connection refused", scene.Fact("a").Reason.Text);
    }

    [Fact]
    public void One_that_is_not_ready_says_so_and_takes_over_when_nobody_is()
    {
        var scene = new Scene("H Hs").Answered();
        _ = scene.Decide();
        Assert.Equal(("SR", "not ready"), (scene.Duties, scene.Fact("b").Reason.Text));
        scene.Change("a", one => one with { State = BackendState.Serving });
        _ = scene.Decide();
        Assert.Equal("SS", scene.Duties);
    }

    [Fact]
    public void Without_members_there_is_nobody() => Assert.Equal("no members", new Scene("").Decide().Reason.Text);

    [Fact]
    public void At_the_start_it_is_unknown_until_enough_are_known()
    {
        var scene = new Scene("? ? ?");
        scene.Policy = scene.Policy with { Healthy = Scene.Marks("60%") };
        Assert.Equal((Verdict.Unknown, "0 of 3 healthy, 3 not known yet"), Decide());
        scene.Say("a", Verdict.Healthy);
        Assert.Equal((Verdict.Unknown, "1 of 3 healthy, 2 not known yet"), Decide());
        scene.Say("b", Verdict.Healthy);
        Assert.Equal((Verdict.Healthy, "2 of 3 healthy, 1 not known yet"), Decide());
        scene.Say("c", Verdict.Unhealthy);
        Assert.Equal((Verdict.Healthy, "2 of 3 healthy"), Decide());

        (Verdict, string) Decide() => (scene.Decide().Verdict, scene.Last!.Reason.Text);
    }
}
