using Fulcrum.Engine.Ports;
using Fulcrum.Model.Overrides;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class MemberSwitchTests
{
    // Decisions as "backend:disable host:enable upstream:weight=7", about the member b.
    [Theory]
    [InlineData("H H", "", "S", 1, "healthy", "design 2 override")]
    [InlineData("H H", "backend:disable", "D", 1, "disable by alice", "seesaw 3.8: backend overrides work")]
    [InlineData("H H", "backend:drain", "D", 1, "drain by alice", "design 2 drain")]
    [InlineData("H H", "host:disable", "D", 1, "disable by alice", "seesaw 3.8: hosts, in every upstream")]
    [InlineData("H H", "upstream:drain", "D", 1, "drain by alice", "design 2 override")]
    [InlineData("H H", "backend:enable host:disable", "S", 1, "healthy", "the nearest wins")]
    [InlineData("H H", "host:enable upstream:disable", "S", 1, "healthy", "the nearest wins")]
    [InlineData("H H", "backend:drain host:disable upstream:enable", "D", 1, "drain by alice", "the nearest wins")]
    [InlineData("H H", "backend:disable host:enable", "D", 1, "disable by alice", "the nearest wins")]
    [InlineData("H Hd", "", "D", 1, "disabled", "seesaw 2.2: DISABLED")]
    [InlineData("H Hd", "backend:enable", "S", 1, "healthy", "enable undoes the file")]
    [InlineData("H Hd", "upstream:enable", "S", 1, "healthy", "enable undoes the file")]
    [InlineData("H Hd", "backend:disable", "D", 1, "disable by alice", "design 2 override")]
    [InlineData("H Xd", "backend:enable", "R", 1, "tcp: connection refused", "enable makes nobody healthy")]
    [InlineData("H Ht", "backend:enable", "D", 1, "terminating", "enable undoes the file, not the source")]
    [InlineData("H Ht", "backend:drain", "D", 1, "drain by alice", "design 2 override")]
    [InlineData("H Hp", "backend:enable", "", 1, "", "seesaw 2.2: PROPOSED is nowhere")]
    [InlineData("H H", "backend:weight=7", "S", 7, "healthy", "gorb 1.2: PATCH of weight")]
    [InlineData("H H", "backend:weight=0", "R", 0, "weight 0 by alice", "gorb 1.2: a weight of 0 drains")]
    [InlineData("H Hw0", "backend:weight=3", "S", 3, "healthy", "design 2 override")]
    [InlineData("H Hw0", "", "R", 0, "weight 0", "gorb 1.2: a weight of 0 drains")]
    [InlineData("H H", "backend:weight=7 host:weight=9", "S", 7, "healthy", "the nearest wins")]
    [InlineData("H H", "host:weight=9 upstream:weight=5", "S", 9, "healthy", "the nearest wins")]
    [InlineData("H H", "backend:weight=7 host:drain", "D", 7, "drain by alice", "weight and switch are two questions")]
    [InlineData("H H", "backend:enable host:weight=9", "S", 9, "healthy", "weight and switch are two questions")]
    public void What_operators_say_goes_first(
        string members,
        string decisions,
        string duty,
        int weight,
        string reason,
        string source
    )
    {
        var scene = new Scene(members).Answered();
        foreach (var decision in decisions.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Say(scene, decision);
        }

        _ = scene.Decide();
        Assert.True(
            $"S{duty}" == scene.Duties || decisions.Contains("upstream", StringComparison.Ordinal),
            $"{source}: {scene.Duties}"
        );
        if (duty.Length > 0)
        {
            Assert.Equal(duty, scene.Plane("b").Duty.ToString()[..1]);
            Assert.Equal((weight, reason), (scene.Fact("b").Weight, scene.Fact("b").Reason.Text));
            Assert.Equal(weight, scene.Plane("b").Weight);
        }
    }

    [Theory]
    [InlineData("backend:disable", "override/backend/web/b")]
    [InlineData("host:drain", "override/host/10.0.0.2")]
    [InlineData("upstream:disable", "override/upstream/web")]
    [InlineData("backend:weight=0", "override/backend/web/b")]
    public void The_reason_leads_to_the_decision(string decision, string cause)
    {
        var scene = new Scene("H H").Answered();
        Say(scene, decision);
        _ = scene.Decide();
        Assert.Equal(cause, scene.Fact("b").Reason.Cause!.ToString());
    }

    [Fact]
    public void A_decision_that_expires_is_not_there_any_more()
    {
        var scene = new Scene("H H").Answered();
        scene.Override(OverrideTargetKind.Backend, "web/b", OverrideAction.Disable, expires: 60);
        scene.Override(OverrideTargetKind.Host, "10.0.0.2", OverrideAction.Weight, 5, expires: 90);
        _ = scene.Decide();
        Assert.Equal("SD", scene.Duties);
        _ = scene.At(30).Decide();
        Assert.Equal(60, scene.WakesAfter);

        _ = scene.At(59.999).Decide();
        Assert.Equal("SD", scene.Duties);
        _ = scene.At(60).Decide();
        Assert.Equal(("SS", 5, 90), (scene.Duties, scene.Fact("b").Weight, scene.WakesAfter));
        _ = scene.At(90).Decide();
        Assert.Equal((1, null), (scene.Fact("b").Weight, scene.WakesAfter));
    }

    [Fact]
    public void The_farther_decision_holds_when_the_nearer_one_expires()
    {
        var scene = new Scene("H H").Answered();
        scene.Override(OverrideTargetKind.Backend, "web/b", OverrideAction.Enable, expires: 60);
        scene.Override(OverrideTargetKind.Upstream, "web", OverrideAction.Drain);
        _ = scene.Decide();
        Assert.Equal("DS", scene.Duties);
        _ = scene.At(60).Decide();
        Assert.Equal("DD", scene.Duties);
    }

    [Fact]
    public void A_host_is_known_by_the_address_that_its_name_has()
    {
        var scene = new Scene("H H").Answered();
        scene.Change("b", one => one with { Address = Model.Values.HostAddress.Of("b.example.com") });
        scene.Inputs = scene.Inputs with
        {
            Names = scene.Inputs.Names.With("b.example.com", new([System.Net.IPAddress.Parse("2001:db8::1")])),
        };
        scene.Override(OverrideTargetKind.Host, "2001:db8::1", OverrideAction.Drain);
        _ = scene.Decide();
        Assert.Equal(BackendDuty.Drain, scene.Plane("b").Duty);
    }

    private static void Say(Scene scene, string decision)
    {
        var (on, what) = (decision.Split(':')[0], decision.Split(':')[1].Split('='));
        var (kind, target) = on switch
        {
            "backend" => (OverrideTargetKind.Backend, "web/b"),
            "host" => (OverrideTargetKind.Host, "10.0.0.2"),
            _ => (OverrideTargetKind.Upstream, "web"),
        };
        var action = Enum.Parse<OverrideAction>(what[0], ignoreCase: true);
        scene.Override(kind, target, action, what.Length > 1 ? int.Parse(what[1], null) : null);
    }
}
