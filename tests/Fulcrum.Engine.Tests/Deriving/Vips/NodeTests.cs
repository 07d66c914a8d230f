using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Vips;
using static Fulcrum.Engine.Tests.Deriving.Vips.VipWorld;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

/// <summary>A node that takes no part raises nothing, and leaves in order.</summary>
public sealed class NodeTests
{
    private const string Address = "192.0.2.53";

    [Theory]
    [InlineData(true, null, true, "dns is healthy (up-when all)", "service/dns")]
    [InlineData(false, null, false, "node lb1 is disabled in its configuration", "node/lb1")]
    [InlineData(true, OverrideAction.Drain, false, "node lb1 is drained by alice: maintenance", "override/node/lb1")]
    [InlineData(true, OverrideAction.Disable, false, "node lb1 is disabled by alice: maintenance", "override/node/lb1")]
    [InlineData(false, OverrideAction.Enable, true, "dns is healthy (up-when all)", "service/dns")]
    [InlineData(false, OverrideAction.Weight, false, "node lb1 is disabled in its configuration", "node/lb1")]
    public void File_and_operator_say_whether_it_takes_part(
        bool enabled,
        OverrideAction? action,
        bool wanted,
        string text,
        string cause
    )
    {
        var world = World().Have(new Node { Name = "lb1", Enabled = enabled });
        if (action is { } known)
        {
            world.Override(Decision("lb1", known));
        }

        var reason = world.Decide().Of("dns").Reason;
        Assert.Equal((wanted, text, cause), (world.Wants(Address), reason.Text, reason.Cause?.ToString()));
    }

    [Fact]
    public void A_drain_is_in_order_and_ends_with_the_decision()
    {
        var world = World().Settle();
        var until = world.Now + TimeSpan.FromMinutes(10);
        world.Override(Decision("lb1", OverrideAction.Drain) with { Expires = until }).Decide();
        Assert.Equal("192.0.2.53", world.Wanted());
        Assert.Equal(until, world.Section.WakeAt);
        Assert.Equal(
            "lingers until 1970-01-01 00:00:03Z: node lb1 is drained by alice: maintenance (until 1970-01-01 00:10:00Z)",
            world.Tell().Decide().Of("dns").Reason.Text
        );
        Assert.Equal(world.Now + TimeSpan.FromSeconds(3), world.Section.WakeAt);
        world.Wait(TimeSpan.FromSeconds(3)).Decide().Stand();
        Assert.Equal(until, world.Decide().Section.WakeAt);
        Assert.Equal(VipState.Down, world.Of("dns").State);
        world.Now = until;
        Assert.Equal("192.0.2.53", world.Decide().Wanted());
        Assert.Null(world.Section.WakeAt);
    }

    [Fact]
    public void It_does_not_stand_for_election()
    {
        var world = World().Announce("pair", Vrrp).Decide();
        Assert.Equal(AnnouncementPhase.Stand, world.Phase("pair", Address));
        Assert.Null(world.Override(Decision("lb1", OverrideAction.Drain)).Decide().Phase("pair", Address));
    }

    [Fact]
    public void A_decision_about_another_node_moves_what_nothing_elects_for()
    {
        var world = World().Have(new Node { Name = "lb2" }, new Node { Name = "lb1" });
        world.Have(OrderTests.Dns() with { Active = ActiveOn.Role });
        Assert.False(world.Decide().Wants(Address));
        Assert.True(world.Override(Decision("lb2", OverrideAction.Disable)).Decide().Wants(Address));
    }

    private static VipWorld World() =>
        new VipWorld()
            .Have(OrderTests.Dns() with { Active = ActiveOn.EveryNode })
            .Announce("anycast", Bgp)
            .Have(Service("dns", Verdict.Healthy, Address));

    private static Override Decision(string node, OverrideAction action) =>
        new()
        {
            Target = new(OverrideTargetKind.Node, node),
            Action = action,
            Owner = "alice",
            Reason = "maintenance",
            Since = DateTimeOffset.UnixEpoch,
        };
}
