using Fulcrum.Engine.Ports;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using static Fulcrum.Engine.Tests.Deriving.Vips.VipWorld;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

public sealed class SelectionTests
{
    private const string Address = "192.0.2.53";

    [Theory]
    [InlineData(null, null, null, null, null, true, "everything")]
    [InlineData("dns", null, null, null, null, true, "its name")]
    [InlineData("web", null, null, null, null, false, "another's name")]
    [InlineData(null, "anycast", null, null, null, true, "its label")]
    [InlineData(null, "other", null, null, null, false, "another label")]
    [InlineData("dns", "other", null, null, null, false, "all that is said must hold")]
    [InlineData(null, null, "gold", null, null, true, "the label of a service on it")]
    [InlineData(null, null, "lead", null, null, false, "no service on it has the label")]
    [InlineData(null, null, null, "public", null, false, "it is from no pool")]
    [InlineData(null, null, null, null, "a", true, "this node's label")]
    [InlineData(null, null, null, null, "b", false, "another node's label")]
    public void An_announcement_says_whom_it_means(
        string? name,
        string? label,
        string? service,
        string? pool,
        string? rack,
        bool meant,
        string why
    )
    {
        Assert.NotEmpty(why);
        var announcement = new Announcement
        {
            Name = "anycast",
            Spec = Bgp,
            Nodes = Selects("rack", rack),
            Select = new()
            {
                Vip = name is null ? [] : [name],
                Vips = Selects("tier", label),
                Services = Selects("tier", service),
                Pool = pool is null ? [] : [pool],
            },
        };
        var world = World().Have(announcement).Settle();
        Assert.Equal(meant ? AnnouncementPhase.Announce : null, world.Phase("anycast", Address));
        // The same for one that is there before, that changes, and that goes.
        var later = World().Settle().Have(announcement).Decide();
        Assert.Equal(meant, later.Phase("anycast", Address) is not null);
        later.Have(new Announcement { Name = "anycast", Spec = Bgp }).Decide();
        Assert.NotNull(later.Phase("anycast", Address));
        later.Have(announcement).Decide();
        Assert.Equal(meant, later.Phase("anycast", Address) is not null);
        later.Edit(snapshot => snapshot with { Announcements = Named<Announcement>.Empty });
        Assert.Null(later.Decide().Phase("anycast", Address));
    }

    [Fact]
    public void Labels_of_pools_are_no_ones()
    {
        var select = new VipSelection { Pools = Selects("tier", "anycast") };
        var world = World()
            .Have(
                new Announcement
                {
                    Name = "anycast",
                    Spec = Bgp,
                    Select = select,
                }
            )
            .Settle();
        Assert.Null(world.Phase("anycast", Address));
    }

    [Theory]
    [InlineData("", null, true)]
    [InlineData("", "a", false)]
    [InlineData("lb2", null, true)]
    [InlineData("lb2", "a", false)]
    public void A_node_that_nothing_is_known_of_is_only_meant_with_all(string nodes, string? rack, bool meant)
    {
        var world = World()
            .Have(
                new Announcement
                {
                    Name = "anycast",
                    Spec = Bgp,
                    Nodes = Selects("rack", rack),
                }
            );
        world.Edit(snapshot => snapshot with { Nodes = Named<Node>.Empty });
        if (nodes.Length > 0)
        {
            world.Have(new Node { Name = nodes, Labels = Labels.From([new("rack", "a")]) });
        }

        Assert.Equal(meant, world.Settle().Phase("anycast", Address) is not null);
    }

    [Fact]
    public void Services_lead_an_announcement_to_a_vip_by_their_labels_as_they_change()
    {
        var select = new VipSelection { Services = Selects("tier", "gold") };
        var world = World()
            .Have(
                new Announcement
                {
                    Name = "anycast",
                    Spec = Bgp,
                    Select = select,
                }
            )
            .Settle();
        Assert.NotNull(world.Phase("anycast", Address));
        Assert.Null(world.Have(Service("dns", Verdict.Healthy, Address)).Decide().Phase("anycast", Address));
    }

    [Fact]
    public void A_changed_announcement_is_told_as_it_is_now()
    {
        var world = World().Announce("anycast", Bgp).Settle();
        world.Announce("anycast", Bgp with { Med = 7 }).Decide();
        Assert.Equal(new BgpAnnouncement { Med = 7 }, world.Section.Announcements[Key("anycast", Address)]!.Spec);
        world.Announce("anycast", new RouteAnnouncement { Interface = "lo" }).Decide();
        Assert.Equal(AnnouncementPhase.Announce, world.Phase("anycast", Address));
    }

    private static VipWorld World()
    {
        var service = Service("dns", Verdict.Healthy, Address);
        return new VipWorld()
            .Have(new Node { Name = "lb1", Labels = Labels.From([new("rack", "a")]) })
            .Have(
                Vip("dns", Address) with
                {
                    Labels = Labels.From([new("tier", "anycast")]),
                    Active = ActiveOn.EveryNode,
                }
            )
            .Have(service with { Service = service.Service with { Labels = Labels.From([new("tier", "gold")]) } });
    }

    private static Selector Selects(string key, string? value) =>
        value is null ? Selector.Everything : new([new(key, SelectorOperator.In, [value])]);
}
