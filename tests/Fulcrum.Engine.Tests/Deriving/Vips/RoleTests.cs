using System.Globalization;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using static Fulcrum.Engine.Tests.Deriving.Vips.VipWorld;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

public sealed class RoleTests
{
    private const string Address = "192.0.2.80";

    [Theory]
    [InlineData(null, null, Role.Standby, "role is standby (four)", "seesaw 3.2 rule 6: unicast follows the role")]
    [InlineData(
        Role.Standby,
        null,
        Role.Standby,
        "role is standby (four)",
        "seesaw 3.2 rule 6: unicast follows the role"
    )]
    [InlineData(Role.Active, null, Role.Active, "up-when always", "seesaw 3.2 rule 6: unicast follows the role")]
    [InlineData(Role.Standby, Role.Active, Role.Active, "up-when always", "active if any is")]
    [InlineData(Role.Fenced, Role.Active, Role.Active, "up-when always", "active if any is")]
    [InlineData(Role.Standby, Role.Fenced, Role.Fenced, "role is fenced (six)", "kubernetes A2: fences itself")]
    public void Whoever_elects_says_the_role(Role? four, Role? six, Role role, string reason, string source)
    {
        Assert.NotEmpty(source);
        var world = new VipWorld()
            .Have(Edge())
            .Announce("four", Vrrp)
            .Announce("six", new NeighborAnnouncement())
            .Decide();
        foreach (var (name, held) in new[] { ("four", four), ("six", six) })
        {
            if (held is { } known)
            {
                world.Role(name, known);
            }
        }

        world.Decide();
        Assert.Equal(role, world.Of("edge").Role);
        Assert.Equal(role == Role.Active, world.Wants(Address));
        Assert.Equal(reason, world.Of("edge").Reason.Text);
    }

    [Fact]
    public void A_vip_of_every_node_asks_for_no_role()
    {
        var world = new VipWorld().Have(Edge() with { Active = ActiveOn.EveryNode }).Announce("pair", Vrrp);
        Assert.True(world.Role("pair", Role.Standby).Decide().Wants(Address));
        Assert.Equal(Role.Active, world.Of("edge").Role);
        // But what elects says nothing before it elected this node.
        Assert.Equal(AnnouncementPhase.Stand, world.Stand().Decide().Phase("pair", Address));
        Assert.Equal(AnnouncementPhase.Announce, world.Role("pair", Role.Active).Decide().Phase("pair", Address));
    }

    [Theory]
    [InlineData("", true, "a node alone")]
    [InlineData("lb1", true, "a node alone")]
    [InlineData("lb1 lb2", true, "the first written")]
    [InlineData("lb2 lb1", false, "the first written")]
    [InlineData("lb2:1 lb1:2", true, "the highest priority")]
    [InlineData("lb2 lb1:-1", true, "a priority comes before none")]
    [InlineData("lb2- lb1", true, "a disabled node is none")]
    public void Where_nothing_elects_one_node_has_it(string nodes, bool here, string rule)
    {
        Assert.NotEmpty(rule);
        var world = new VipWorld().Have(Edge()).Announce("routes", Bgp);
        world.Have([.. nodes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(NodeOf)]);
        Assert.Equal(here, world.Decide().Wants(Address));
        if (!here)
        {
            Assert.Equal(Role.Standby, world.Of("edge").Role);
            Assert.Equal("no announcement elects a node for it, so lb2 has it", world.Of("edge").Reason.Text);
            Assert.Equal("node/lb2", world.Of("edge").Reason.Cause!.ToString());
        }
    }

    [Fact]
    public void Who_takes_no_part_in_the_election_is_not_elected()
    {
        var others = new Selector([new("rack", SelectorOperator.In, ["b"])]);
        var world = new VipWorld()
            .Have(Edge())
            .Have(new Node { Name = "lb1", Labels = Labels.From([new("rack", "a")]) })
            .Have(
                new Announcement
                {
                    Name = "pair",
                    Spec = Vrrp,
                    Nodes = others,
                }
            )
            .Role("pair", Role.Active)
            .Decide();
        Assert.Equal("", world.Wanted());
        Assert.Equal("pair elects among other nodes", world.Of("edge").Reason.Text);
        world.Have(new Node { Name = "lb1", Labels = Labels.From([new("rack", "b")]) }).Decide();
        Assert.True(world.Wants(Address));
    }

    [Fact]
    public void A_lost_role_takes_the_address_at_once()
    {
        var world = new VipWorld().Have(Edge() with { Linger = TimeSpan.FromMinutes(1) }).Announce("pair", Vrrp);
        world.Announce("routes", Bgp).Role("pair", Role.Active).Settle();
        Assert.Equal("192.0.2.80/24 pair/192.0.2.80:Announce routes/192.0.2.80:Announce", world.Wanted());
        // Another node has it, and two would answer for it.
        world.Role("pair", Role.Standby).Decide();
        Assert.Equal("pair/192.0.2.80:Stand", world.Wanted());
        Assert.Equal("role is standby (pair)", world.Of("edge").Reason.Text);
        Assert.Null(world.Section.WakeAt);
    }

    private static Vip Edge() => Vip("edge", $"{Address}/24") with { UpWhen = UpWhen.Always };

    private static Node NodeOf(string text)
    {
        var parts = text.TrimEnd('-').Split(':');
        return new()
        {
            Name = parts[0],
            Enabled = !text.EndsWith('-'),
            Priority = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : null,
        };
    }
}
