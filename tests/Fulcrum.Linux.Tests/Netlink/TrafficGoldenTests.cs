using System.Net;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Traffic;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Netlink;

/// <summary>What tc(8) of iproute2 6.1 sent, and what a kernel 6.1 answered, byte for byte.</summary>
public sealed class TrafficGoldenTests
{
    /// <summary><c>tc qdisc add dev eth0 clsact</c></summary>
    [Fact]
    public void A_discipline() =>
        Equal(
            new QueueDisciplineCodec(),
            "00000000 02000000 0000ffff f1ffffff 00000000 0b000100 636c7361 63740000",
            QueueDiscipline.Clsact(2)
        );

    /// <summary>
    /// <c>tc filter add dev eth0 ingress protocol ip pref 64000 flower ip_proto tcp dst_ip 192.0.2.80/32 dst_port 8000-8999
    /// action skbedit mark 7 continue cookie 66756c63</c>
    /// </summary>
    [Fact]
    public void A_range_of_ports() =>
        Equal(
            new TrafficFilterCodec(),
            """
            00000000 02000000 00000000 f2ffffff 080000fa 0b000100 666c6f77 65720000
            7c000200 05000900 06000000 08000c00 c0000250 08000d00 ffffffff 06005900
            1f400000 06005a00 23270000 40000300 3c000100 0c000100 736b6265 64697400
            24000280 18000200 00000000 00000000 ffffffff 00000000 00000000 08000500
            07000000 08000600 66756c63 08001600 00000000 06000800 08000000
            """,
            new()
            {
                Interface = 2,
                Direction = TrafficDirection.Ingress,
                Priority = 64000,
                Protocol = TrafficFilter.IPv4,
                Match = new()
                {
                    Protocol = 6,
                    Destination = IPNetwork.Parse("192.0.2.80/32"),
                    DestinationPorts = new(8000, 8999),
                },
                Actions = [new MarkAction(7) { Then = TrafficVerdict.Continue, Cookie = "fulc" }],
            }
        );

    /// <summary>
    /// <c>tc filter add dev eth0 ingress protocol ipv6 pref 64001 flower ip_proto udp dst_ip 2001:db8::/64 dst_port 53
    /// action skbedit mark 7/15 pipe</c>
    /// </summary>
    [Fact]
    public void A_prefix_of_IPv6() =>
        Equal(
            new TrafficFilterCodec(),
            """
            00000000 02000000 00000000 f2ffffff 86dd01fa 0b000100 666c6f77 65720000
            8c000200 05000900 11000000 14001000 20010db8 00000000 00000000 00000000
            14001100 ffffffff ffffffff 00000000 00000000 06001500 00350000 40000300
            3c000100 0c000100 736b6265 64697400 2c000280 18000200 00000000 00000000
            03000000 00000000 00000000 08000500 07000000 08000800 0f000000 08001600
            00000000 06000800 86dd0000
            """,
            new()
            {
                Interface = 2,
                Direction = TrafficDirection.Ingress,
                Priority = 64001,
                Protocol = TrafficFilter.IPv6,
                Match = new()
                {
                    Protocol = 17,
                    Destination = IPNetwork.Parse("2001:db8::/64"),
                    DestinationPorts = new(53),
                },
                Actions = [new MarkAction(7, 15)],
            }
        );

    /// <summary>
    /// <c>tc filter add dev eth0 egress protocol ip pref 64010 flower ip_proto tcp dst_ip 10.0.0.3 dst_port 8080
    /// action ct commit nat src addr 10.0.0.10-10.0.0.12 port 1024-2048 pipe</c>
    /// </summary>
    [Fact]
    public void A_translation() =>
        Equal(
            new TrafficFilterCodec(),
            """
            00000000 02000000 00000000 f3ffffff 08000afa 0b000100 666c6f77 65720000
            88000200 05000900 06000000 08000c00 0a000003 08000d00 ffffffff 06001300
            1f900000 54000300 50000100 07000100 63740000 44000280 08000900 0a00000a
            08000a00 0a00000c 06000d00 04000000 06000e00 08000000 06000300 19000000
            18000100 00000000 00000000 03000000 00000000 00000000 08001600 00000000
            06000800 08000000
            """,
            new()
            {
                Interface = 2,
                Direction = TrafficDirection.Egress,
                Priority = 64010,
                Protocol = TrafficFilter.IPv4,
                Match = new()
                {
                    Protocol = 6,
                    Destination = IPNetwork.Parse("10.0.0.3/32"),
                    DestinationPorts = new(8080),
                },
                Actions =
                [
                    new TrackingAction(TrackingFlags.Commit | TrackingFlags.Translate | TrackingFlags.Source)
                    {
                        First = IPAddress.Parse("10.0.0.10"),
                        Last = IPAddress.Parse("10.0.0.12"),
                        Ports = new(1024, 2048),
                    },
                ],
            }
        );

    /// <summary>
    /// <c>tc filter add dev eth0 egress protocol ipv6 pref 64011 chain 9 flower ip_proto sctp src_ip 2001:db8::3
    /// src_port 8080 action ct nat pipe action gact drop</c>
    /// </summary>
    [Fact]
    public void Two_actions_in_another_chain() =>
        Equal(
            new TrafficFilterCodec(),
            """
            00000000 02000000 00000000 f3ffffff 86dd0bfa 08000b00 09000000 0b000100
            666c6f77 65720000 ac000200 05000900 84000000 14000e00 20010db8 00000000
            00000000 00000003 14000f00 ffffffff ffffffff ffffffff ffffffff 06002900
            1f900000 60000300 30000100 07000100 63740000 24000280 06000300 08000000
            18000100 00000000 00000000 03000000 00000000 00000000 2c000200 09000100
            67616374 00000000 1c000280 18000200 00000000 00000000 02000000 00000000
            00000000 08001600 00000000 06000800 86dd0000
            """,
            new()
            {
                Interface = 2,
                Direction = TrafficDirection.Egress,
                Priority = 64011,
                Protocol = TrafficFilter.IPv6,
                Chain = 9,
                Match = new()
                {
                    Protocol = 132,
                    Source = IPNetwork.Parse("2001:db8::3/128"),
                    SourcePorts = new(8080),
                },
                Actions = [new TrackingAction(TrackingFlags.Translate), new PlainAction { Then = TrafficVerdict.Drop }],
            }
        );

    [Fact]
    public void Filters_that_a_kernel_told()
    {
        var filters = Told("filters", new TrafficFilterCodec());
        // Each priority is told first, then what is in it.
        Assert.Equal(
            [
                (3, 0u, false),
                (3, 1u, false),
                (64000, 0u, false),
                (64000, 1u, true),
                (64001, 0u, false),
                (64001, 1u, true),
            ],
            filters.Select(filter => ((int)filter.Priority, filter.Handle, filter.Match is not null))
        );
        Assert.Equal("matchall", filters[0].Kind);
        Assert.Equal(
            new MarkAction(7) { Then = TrafficVerdict.Continue, Cookie = "fulc" },
            Assert.Single(filters[3].Actions)
        );
        Assert.Equal(new MarkAction(7, 15), Assert.Single(filters[5].Actions));
        Assert.Equal("2001:db8::/64", $"{filters[5].Match!.Destination}");
        Assert.Equal(new TrafficPorts(8000, 8999), filters[3].Match!.DestinationPorts);
    }

    [Fact]
    public void Filters_of_what_goes_out_that_a_kernel_told()
    {
        var filters = Told("filters-egress", new TrafficFilterCodec());
        Assert.Equal([0u, 0u, 9u, 9u], filters.Select(filter => filter.Chain));
        Assert.All(filters, filter => Assert.Equal(TrafficDirection.Egress, filter.Direction));
        var translation = Assert.IsType<TrackingAction>(Assert.Single(filters[1].Actions));
        Assert.Equal("10.0.0.10 10.0.0.12 1024-2048", $"{translation.First} {translation.Last} {translation.Ports}");
        Assert.Equal(
            [new TrackingAction(TrackingFlags.Translate), new PlainAction { Then = TrafficVerdict.Drop }],
            filters[3].Actions
        );
    }

    [Fact]
    public void Disciplines_that_a_kernel_told() =>
        Assert.Equal(QueueDiscipline.Clsact(2), Told("disciplines", new QueueDisciplineCodec())[^1]);

    private static void Equal<T>(NetlinkCodec<T> codec, string hexadecimal, T expected)
        where T : class
    {
        var bytes = Convert.FromHexString(string.Concat(hexadecimal.Where(char.IsAsciiHexDigit)));
        Assert.True(codec.TryDecode(bytes, out var item));
        Assert.Equal(expected, item);
    }

    private static List<T> Told<T>(string file, NetlinkCodec<T> codec)
        where T : class
    {
        var items = new List<T>();
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(
            Repository.PathOf("tests", "Fulcrum.Fuzz", "Corpus", "netlink", file)
        );
        while (NetlinkMessage.TryTake(ref bytes, out var message))
        {
            Assert.True(codec.TryDecode(message.Body, out var item));
            items.Add(item);
        }

        return items;
    }
}
