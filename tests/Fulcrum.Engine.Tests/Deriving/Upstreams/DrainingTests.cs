using Fulcrum.Engine.Ports;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class DrainingTests
{
    // What happens to b at 10 s, the deadline being 30 s; then when what is established ends, and whether clients that
    // persistence binds to it may still come until then.
    [Theory]
    [InlineData("disabled", RememberedClients.Finish, 40, true, "design 2 drain: a deadline")]
    [InlineData("terminating", RememberedClients.Finish, 40, true, "design 2 drain: a deadline")]
    [InlineData("removed", RememberedClients.Finish, 40, true, "design 4.7: change without loss")]
    [InlineData("planned", RememberedClients.Finish, 40, true, "design 4.7: change without loss")]
    [InlineData("drain", RememberedClients.Finish, 35, true, "design 2 drain: from the operator's word, at 5 s")]
    [InlineData("disable", RememberedClients.Finish, 5, false, "seesaw 3.8: disabling ends what is there")]
    [InlineData("disabled", RememberedClients.Move, 40, false, "design 2 drain: remembered clients are moved")]
    [InlineData("removed", RememberedClients.Move, 40, false, "design 2 drain: remembered clients are moved")]
    [InlineData("drain", RememberedClients.Move, 35, false, "design 2 drain: remembered clients are moved")]
    public void What_is_established_ends_at_the_deadline(
        string what,
        RememberedClients remembered,
        double until,
        bool admits,
        string source
    )
    {
        var scene = new Scene("H H") { Drain = new() { Remembered = remembered } }.Answered();
        _ = scene.At(5).Decide();
        if (what is "drain" or "disable")
        {
            var action = what == "drain" ? OverrideAction.Drain : OverrideAction.Disable;
            scene.Override(OverrideTargetKind.Backend, "web/b", action);
        }

        Put(scene, what);
        _ = scene.At(10).Decide();
        Assert.True(Seconds(scene) == until, $"{source}: {Seconds(scene)}");
        Assert.Equal((BackendDuty.Drain, admits), (scene.Plane("b").Duty, scene.Plane("b").AdmitsRemembered));

        // The deadline runs from the first time, and is looked at when it comes.
        _ = scene.At(20).Decide();
        Assert.Equal(until, Seconds(scene));
        Assert.Equal(what == "disable" ? null : until, scene.WakesAfter);
        _ = scene.At(40).Decide();
        if (what is "removed" or "planned")
        {
            Assert.Equal("S", scene.Duties);
        }
        else
        {
            Assert.Equal(("SD", until, false), (scene.Duties, Seconds(scene), scene.Plane("b").AdmitsRemembered));
        }

        Assert.Null(scene.WakesAfter);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("terminating")]
    [InlineData("removed")]
    public void One_that_returns_is_itself_again(string what)
    {
        var scene = new Scene("H H").Answered();
        var before = scene.Decide().Plane.Backends[1];
        var whole = scene.Upstream;
        Put(scene, what);
        _ = scene.At(10).Decide();
        Assert.Equal(BackendDuty.Drain, scene.Plane("b").Duty);
        scene.Upstream = whole;
        _ = scene.At(20).Decide();
        Assert.Equal(before, scene.Plane("b"));

        // The next time is another time.
        Put(scene, what);
        _ = scene.At(30).Decide();
        Assert.Equal(60, Seconds(scene));
    }

    [Fact]
    public void One_that_is_disabled_and_then_removed_has_one_deadline()
    {
        var scene = new Scene("H H").Answered();
        _ = scene.Decide();
        Put(scene, "disabled");
        _ = scene.At(10).Decide();
        Put(scene, "removed");
        _ = scene.At(20).Decide();
        Assert.Equal(40, Seconds(scene));
        Assert.Equal("removed", scene.Fact("b").Reason.Text);
        _ = scene.At(40).Decide();
        Assert.Equal("S", scene.Duties);
    }

    [Fact]
    public void One_that_is_removed_after_its_drain_goes_at_once()
    {
        var scene = new Scene("H H").Answered();
        _ = scene.Decide();
        Put(scene, "disabled");
        _ = scene.At(10).Decide();
        Put(scene, "removed");
        _ = scene.At(60).Decide();
        Assert.Equal("S", scene.Duties);
    }

    [Fact]
    public void One_that_never_served_goes_at_once()
    {
        var scene = new Scene("H H1").Answered();
        _ = scene.Decide();
        scene.Remove("b");
        _ = scene.Decide();
        Assert.Equal("S", scene.Duties);
    }

    [Fact]
    public void One_that_rests_may_have_sessions_from_before()
    {
        var scene = new Scene("H H").Answered();
        _ = scene.Decide();
        scene.Say("b", Verdict.Unhealthy);
        _ = scene.Decide();
        scene.Remove("b");
        _ = scene.Decide();
        Assert.Equal("SD", scene.Duties);
        // Those that come back to it would find what the checks found.
        Assert.False(scene.Plane("b").AdmitsRemembered);
    }

    [Fact]
    public void Another_address_is_another_member()
    {
        var scene = new Scene("H H").Answered();
        _ = scene.Decide();
        var before = scene.Plane("b");
        scene.Change(
            "b",
            one => one with { Address = Model.Values.HostAddress.Of(System.Net.IPAddress.Parse("10.0.0.9")) }
        );
        _ = scene.Decide();
        Assert.Equal("SSD", scene.Duties);
        Assert.Equal(
            (before.Id, before.Address),
            (scene.Last!.Plane.Backends[2].Id, scene.Last.Plane.Backends[2].Address)
        );
    }

    [Fact]
    public void Disabling_a_host_also_ends_what_is_left_on_a_removed_member()
    {
        var scene = new Scene("H H").Answered();
        _ = scene.Decide();
        scene.Remove("b");
        _ = scene.At(10).Decide();
        _ = scene.At(20);
        scene.Override(OverrideTargetKind.Host, "10.0.0.2", OverrideAction.Disable);
        _ = scene.Decide();
        Assert.Equal((20.0, false), (Seconds(scene), scene.Plane("b").AdmitsRemembered));
        // It stays until its plane must have heard so.
        Assert.Equal(40, scene.WakesAfter);
        _ = scene.At(40).Decide();
        Assert.Equal("S", scene.Duties);
    }

    [Fact]
    public void However_often_a_source_changes_its_mind_few_that_are_gone_are_kept()
    {
        var scene = new Scene("") { Policy = new() };
        for (var i = 0; i < 200; i++)
        {
            var backend = Snapshots.Backend($"10.1.{i / 250}.{i % 250}") with { Name = $"m{i:000}" };
            scene.Upstream = scene.Upstream with { Backends = [backend] };
            _ = scene.At(i * 0.01).Decide();
        }

        var ids = scene.Last!.Plane.Backends.Select(backend => backend.Id).ToList();
        Assert.Equal(1 + 65, ids.Count);
        Assert.Equal("m199", ids[0]);
        // The oldest went.
        Assert.Equal(Enumerable.Range(134, 65).Select(i => $"m{i:000}"), ids.Skip(1).Order(StringComparer.Ordinal));
    }

    private static double? Seconds(Scene scene) => (scene.Plane("b").DrainUntil - Scene.Start)?.TotalSeconds;

    private static void Put(Scene scene, string what)
    {
        switch (what)
        {
            case "disabled":
                scene.Change("b", one => one with { Status = BackendStatus.Disabled });
                break;
            case "planned":
                scene.Change("b", one => one with { Status = BackendStatus.Planned });
                break;
            case "terminating":
                scene.Change("b", one => one with { State = BackendState.Terminating });
                break;
            case "removed":
                scene.Remove("b");
                break;
        }
    }
}
