using Fulcrum.Engine.Ports;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class EjectingTests
{
    private static readonly Ejection Rule = new()
    {
        For = TimeSpan.FromSeconds(10),
        Most = TimeSpan.FromSeconds(600),
        AtMost = Amount.OfCount(9),
    };

    // Complaints about a, and for each how long it is out: "at:until", "-" when it changes nothing.
    [Theory]
    [InlineData("0:10", "design 9 passive: out for so long")]
    [InlineData("0:10 5:-", "what failed before it was out is what it is out for")]
    [InlineData("0:10 10:30", "back-off: twice as long the second time in a row")]
    [InlineData("0:10 19:39", "back-off: it was in for less than the time since it returned")]
    [InlineData("0:10 20:30", "back-off: it was in for the time since it returned")]
    [InlineData("0:10 10:30 30:70 70:150", "back-off: it doubles")]
    [InlineData("0:10 10:30 40:50", "back-off: the count starts again")]
    [InlineData(
        "0:10 10:30 30:70 70:150 150:310 310:630 630:1230 1230:1830 1830:2430",
        "back-off: no longer than the longest"
    )]
    public void It_is_out_longer_each_time_in_a_row(string complaints, string source)
    {
        var scene = With(Rule, "H H H H");
        var until = -1.0;
        foreach (var complaint in complaints.Split(' ').Select(one => one.Split(':')))
        {
            _ = scene.At(double.Parse(complaint[0], null));
            Complain(scene, "a");
            until = complaint[1] == "-" ? until : double.Parse(complaint[1], null);
            _ = scene.Decide();
            Assert.True(scene.Duties == "RSSS", $"{source}: {complaint[0]}");
            Assert.Equal((until, Verdict.Unhealthy), (scene.WakesAfter, scene.Fact("a").Verdict));
            _ = scene.At(until - 0.001).Decide();
            Assert.Equal("RSSS", scene.Duties);
        }

        _ = scene.At(until).Decide();
        Assert.Equal(("SSSS", null), (scene.Duties, scene.WakesAfter));
    }

    [Theory]
    [InlineData(10, 5, 10)]
    [InlineData(10, 15, 15)]
    [InlineData(10, 20, 20)]
    [InlineData(10, 86_400, 20)]
    public void The_longest_does_not_make_the_first_time_shorter(int first, int longest, int second)
    {
        var rule = Rule with { For = TimeSpan.FromSeconds(first), Most = TimeSpan.FromSeconds(longest) };
        var scene = With(rule, "H H H H");
        Complain(scene, "a");
        _ = scene.Decide();
        Assert.Equal(first, scene.WakesAfter);
        _ = scene.At(first).Decide();
        Complain(scene, "a");
        _ = scene.Decide();
        Assert.Equal(first + second, scene.WakesAfter);
    }

    [Fact]
    public void No_number_of_times_in_a_row_is_too_many()
    {
        var scene = With(Rule with { Most = TimeSpan.FromDays(3650) }, "H H H H");
        for (var time = 0; time < 60; time++)
        {
            Complain(scene, "a");
            _ = scene.Decide();
            Assert.Equal("RSSS", scene.Duties);
            _ = scene.At(scene.WakesAfter!.Value).Decide();
        }
    }

    [Theory]
    [InlineData("50%", "abcd", "RRSS", "at most a share: the first two")]
    [InlineData("50%", "dcba", "SSRR", "at most a share: the first two, whoever they are")]
    [InlineData("74%", "abcd", "RRSS", "at most a share: never more")]
    [InlineData("75%", "abcd", "RRRS", "at most a share")]
    [InlineData("100%", "abcd", "RRRR", "at most a share")]
    [InlineData("0%", "a", "SSSS", "at most a share: nobody")]
    [InlineData("24%", "a", "SSSS", "at most a share: nobody")]
    [InlineData("1", "ba", "SRSS", "at most a number")]
    [InlineData("0", "a", "SSSS", "at most a number: nobody")]
    public void Never_more_are_out_than_that(string atMost, string order, string duties, string source)
    {
        var scene = With(Rule with { AtMost = Scene.Amount(atMost) }, "H H H H");
        for (var i = 0; i < order.Length; i++)
        {
            _ = scene.At(i);
            Complain(scene, order[i].ToString());
        }

        _ = scene.Decide();
        Assert.True(duties == scene.Duties, $"{source}: {scene.Duties}");
    }

    [Fact]
    public void Of_two_at_the_same_time_the_first_by_name_goes()
    {
        var scene = With(Rule with { AtMost = Amount.OfCount(1) }, "H H H");
        Complain(scene, "c");
        Complain(scene, "b");
        _ = scene.Decide();
        Assert.Equal("SRS", scene.Duties);
    }

    [Fact]
    public void The_part_is_of_those_that_are_on()
    {
        var scene = With(Rule with { AtMost = Amount.OfShare(0.5) }, "H H Hd Hd");
        Complain(scene, "a");
        Complain(scene, "b");
        _ = scene.Decide();
        Assert.Equal("RSDD", scene.Duties);
    }

    [Fact]
    public void A_complaint_that_found_no_room_holds_while_its_time_lasts_and_does_not_count()
    {
        var scene = With(Rule with { AtMost = Amount.OfCount(1) }, "H H H");
        Complain(scene, "a");
        _ = scene.At(4);
        Complain(scene, "b");
        _ = scene.Decide();
        Assert.Equal("RSS", scene.Duties);
        _ = scene.At(10).Decide();
        Assert.Equal(("SRS", 14), (scene.Duties, scene.WakesAfter));
        _ = scene.At(14).Decide();
        Assert.Equal("SSS", scene.Duties);

        // c is heard twice while there is no room: when it goes out at last, it is for the first time.
        Complain(scene, "a");
        Complain(scene, "c");
        _ = scene.Decide();
        _ = scene.At(33);
        Complain(scene, "c");
        _ = scene.Decide();
        _ = scene.At(34).Decide();
        Assert.Equal(("SSR", 43), (scene.Duties, scene.WakesAfter));
    }

    [Fact]
    public void It_is_out_for_the_marks_and_the_priorities_too()
    {
        var scene = With(Rule, "H H1");
        Complain(scene, "a");
        _ = scene.Decide();
        Assert.Equal("RS", scene.Duties);
        Assert.Equal("put out until 2026-01-01 00:00:10Z: 5 connects in a row failed", scene.Fact("a").Reason.Text);
        scene.Policy = scene.Policy with { Healthy = Scene.Marks("100%") };
        scene.Remove("b");
        Assert.Equal(Verdict.Unhealthy, scene.Decide().Verdict);
    }

    [Fact]
    public void Planes_are_told_what_to_complain_about()
    {
        var rate = new SuccessRate { Below = 0.5 };
        var scene = With(Rule with { ConsecutiveFailures = 7, SuccessRate = rate }, "H");
        var plane = scene.Decide().Plane;
        Assert.Equal((7, rate), (plane.EjectAfter, plane.EjectBelow));
        scene.Upstream = scene.Upstream with { Eject = null };
        plane = scene.Decide().Plane;
        Assert.Null(plane.EjectAfter);
        Assert.Null(plane.EjectBelow);
    }

    [Fact]
    public void Without_a_rule_nobody_is_put_out()
    {
        var scene = With(null, "H H");
        Complain(scene, "a");
        _ = scene.Decide();
        Assert.Equal("SS", scene.Duties);
    }

    [Fact]
    public void A_rule_that_is_taken_back_lets_all_in()
    {
        var scene = With(Rule, "H H");
        Complain(scene, "a");
        _ = scene.Decide();
        scene.Upstream = scene.Upstream with { Eject = null };
        _ = scene.Decide();
        Assert.Equal(("SS", null), (scene.Duties, scene.WakesAfter));
    }

    [Fact]
    public void One_that_drains_is_not_put_out_but_what_was_complained_of_is_not_forgotten()
    {
        var scene = With(Rule, "H H");
        scene.Override(OverrideTargetKind.Backend, "web/a", OverrideAction.Drain, expires: 5);
        Complain(scene, "a");
        _ = scene.Decide();
        Assert.Equal("DS", scene.Duties);
        _ = scene.At(5).Decide();
        Assert.Equal("RS", scene.Duties);
    }

    private static Scene With(Ejection? rule, string members)
    {
        var scene = new Scene(members);
        scene.Upstream = scene.Upstream with { Eject = rule };
        _ = scene.Answered().Decide();
        return scene;
    }

    private static void Complain(Scene scene, string backend)
    {
        var signal = new PassiveSignal(Scene.Name, backend, scene.Now, "5 connects in a row failed");
        scene.Inputs = scene.Inputs with { Passive = scene.Inputs.Passive.With($"{Scene.Name}/{backend}", signal) };
    }
}
