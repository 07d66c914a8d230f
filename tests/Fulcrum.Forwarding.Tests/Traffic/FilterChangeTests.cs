using System.Net;
using Fulcrum.Forwarding.Marking;
using Fulcrum.Forwarding.Traffic;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Forwarding.Tests.Traffic;

public sealed class FilterChangeTests
{
    private static readonly NetworkLink Link = new()
    {
        Name = "eth0",
        AlternativeNames = ["uplink"],
        Flags = LinkFlags.Up,
    };

    private static readonly IPAddress Vip = IPAddress.Parse("192.0.2.80");

    [Fact]
    public void Equal_is_nothing_whatever_the_handles()
    {
        var wanted = Filters(
            new MarkRule { Mark = 7, Address = Vip },
            new MarkRule
            {
                Mark = 8,
                Address = Vip,
                Protocol = 6,
            }
        );
        var change = FilterChange.Between(wanted.Select((filter, i) => filter with { Handle = (uint)i + 1 }), wanted);
        Assert.Empty(change.Added);
        Assert.Empty(change.Replaced);
        Assert.Empty(change.Deleted);
    }

    [Fact]
    public void Another_mark_is_put_in_the_place_of_the_old_one()
    {
        var present = Filters(new MarkRule { Mark = 7, Address = Vip })[0] with { Handle = 5 };
        var change = FilterChange.Between([present], Filters(new MarkRule { Mark = 8, Address = Vip }));
        Assert.Equal(5u, Assert.Single(change.Replaced).Handle);
        Assert.Empty(change.Added);
        Assert.Empty(change.Deleted);
    }

    [Fact]
    public void What_is_missing_is_added_and_what_is_left_over_goes()
    {
        var old = Filters(new MarkRule { Mark = 7, Address = Vip })[0] with { Handle = 5 };
        var change = FilterChange.Between(
            [old],
            Filters(
                new MarkRule
                {
                    Mark = 7,
                    Address = Vip,
                    Protocol = 17,
                }
            )
        );
        Assert.Equal((byte)17, Assert.Single(change.Added).Match!.Protocol);
        Assert.Equal(old, Assert.Single(change.Deleted));
    }

    [Fact]
    public void Narrower_rules_come_later_and_so_count_more()
    {
        var filters = Filters(
            new MarkRule { Mark = 1, Address = IPAddress.Any },
            new MarkRule
            {
                Mark = 2,
                Address = IPAddress.Any,
                Protocol = 6,
                FirstPort = 80,
            },
            new MarkRule { Mark = 3, Address = Vip },
            new MarkRule
            {
                Mark = 4,
                Address = Vip,
                Protocol = 6,
            },
            new MarkRule
            {
                Mark = 5,
                Address = Vip,
                Protocol = 6,
                FirstPort = 80,
                LastPort = 90,
            },
            new MarkRule
            {
                Mark = 6,
                Address = Vip,
                Protocol = 6,
                FirstPort = 80,
                LastPort = 80,
            }
        );
        Assert.Equal(
            [1u, 2u, 3u, 4u, 5u, 6u],
            filters
                .OrderBy(filter => filter.Priority)
                .Select(filter => filter.Actions[0])
                .OfType<MarkAction>()
                .Select(action => action.Mark)
        );
    }

    [Fact]
    public void All_of_one_priority_are_of_one_protocol()
    {
        var filters = Filters(
            new MarkRule
            {
                Mark = 1,
                Address = Vip,
                Protocol = 17,
                FirstPort = 53,
            },
            new MarkRule
            {
                Mark = 2,
                Address = IPAddress.IPv6Loopback,
                Protocol = 17,
                FirstPort = 53,
            },
            new MarkRule { Mark = 3, Address = IPAddress.IPv6Any }
        );
        Assert.All(
            filters.GroupBy(filter => filter.Priority),
            group => Assert.Single(group.Select(filter => filter.Protocol).Distinct())
        );
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("eth0", true)]
    [InlineData("uplink", true)]
    [InlineData("eth1", false)]
    public void A_rule_may_be_for_one_interface(string? name, bool isThere) =>
        Assert.Equal(
            isThere,
            Filters(
                new MarkRule
                {
                    Mark = 1,
                    Address = Vip,
                    Interface = name,
                }
            ).Count > 0
        );

    [Fact]
    public void Loopback_and_what_is_down_get_none()
    {
        MarkRule[] rules = [new() { Mark = 1, Address = Vip }];
        Assert.Empty(MarkFilters.For(Link with { Flags = LinkFlags.None }, rules));
        Assert.Empty(MarkFilters.For(Link with { Flags = LinkFlags.Up | LinkFlags.Loopback }, rules));
    }

    private static List<TrafficFilter> Filters(params MarkRule[] rules) => [.. MarkFilters.For(Link, rules)];
}
