using Fulcrum.Forwarding.Decapsulation;
using Fulcrum.Packet.Tests.Kit;
using Reason = Fulcrum.Forwarding.Decapsulation.DecapsulatorReason;

namespace Fulcrum.Packet.Tests.Decapsulation;

/// <summary>What comes out of a tunnel is what went in, byte for byte, at both hooks.</summary>
public sealed class TakingOffTests
{
    private static readonly (int Outer, int Inner, bool IsGue, Reason Reason)[] Tunnels =
    [
        (4, 4, false, Reason.TakenIPv4InIPv4),
        (4, 6, false, Reason.TakenIPv6InIPv4),
        (6, 4, false, Reason.TakenIPv4InIPv6),
        (6, 6, false, Reason.TakenIPv6InIPv6),
        (4, 4, true, Reason.TakenGueInIPv4),
        (4, 6, true, Reason.TakenGueInIPv4),
        (6, 4, true, Reason.TakenGueInIPv6),
        (6, 6, true, Reason.TakenGueInIPv6),
    ];

    public static TheoryData<DecapsulatorHook, int, int, bool, Reason> All
    {
        get
        {
            var all = new TheoryData<DecapsulatorHook, int, int, bool, Reason>();
            foreach (var hook in new[] { DecapsulatorHook.Driver, DecapsulatorHook.TrafficControl })
            {
                foreach (var (outer, inner, isGue, reason) in Tunnels)
                {
                    all.Add(hook, outer, inner, isGue, reason);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_packet_inside_goes_on_as_it_is(
        DecapsulatorHook hook,
        int outer,
        int inner,
        bool isGue,
        Reason reason
    )
    {
        await using var lab = new DecapLab(hook);
        var family = Family.Of(inner);
        byte[][] packets =
        [
            Wire.TcpPacket(family.Client(40_000), family.At(), Wire.Syn),
            Wire.TcpPacket(family.Client(40_000), family.At(), Wire.Ack, new byte[1200], ttl: 1, service: 0xb8),
            Wire.UdpPacket(family.Client(40_001), family.At(), "hello"u8.ToArray()),
            // Parts of a datagram, and what is neither TCP nor UDP, are the kernel's as any other.
            Wire.Packet(
                family.Client(1).Address,
                family.Vip,
                family.IsSix ? (byte)44 : Wire.Udp,
                new byte[64],
                fragment: 0x00b9
            ),
            Wire.Packet(family.Client(1).Address, family.Vip, 50, new byte[32], options: [1, 1, 1, 1]),
            Telling.Of(
                family,
                family.Client(1).Address,
                family.Vip,
                new byte[48],
                family.IsSix ? (byte)128 : (byte)8,
                0,
                7
            ),
        ];
        foreach (var packet in packets)
        {
            lab.Expect(
                DecapLab.Frame(DecapLab.Tunnel(Family.Of(outer), packet, isGue)),
                reason,
                DecapLab.Frame(packet)
            );
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_frame_keeps_its_tags(int outer)
    {
        await using var lab = new DecapLab(DecapsulatorHook.Driver);
        var packet = Wire.TcpPacket(Family.Four.Client(40_000), Family.Four.At(), Wire.Syn);
        var reason = outer == 6 ? Reason.TakenIPv4InIPv6 : Reason.TakenIPv4InIPv4;
        foreach (var tags in new int[][] { [100], [200, 100] })
        {
            lab.Expect(
                DecapLab.Frame(DecapLab.Tunnel(Family.Of(outer), packet), tags),
                reason,
                DecapLab.Frame(packet, tags)
            );
        }
    }

    /// <summary>RFC 6040 section 4.2, figure 4: 0 not capable, 1 and 2 capable, 3 congested.</summary>
    [Theory]
    [MemberData(nameof(DecapLab.Hooks), MemberType = typeof(DecapLab))]
    public async Task Congestion_on_the_way_is_told_inside(DecapsulatorHook hook)
    {
        // By what is inside, then by what is outside; null: dropped.
        int?[][] table =
        [
            [0, 0, 0, null],
            [1, 1, 1, 3],
            [2, 1, 2, 3],
            [3, 3, 3, 3],
        ];
        await using var lab = new DecapLab(hook);
        foreach (var (outer, inner, isGue, reason) in Tunnels)
        {
            for (var inside = 0; inside < 4; inside++)
            {
                for (var outside = 0; outside < 4; outside++)
                {
                    var sent = DecapLab.Frame(
                        DecapLab.Tunnel(
                            Family.Of(outer),
                            Packet(Family.Of(inner), 0xb8 | inside),
                            isGue,
                            0x20 | outside
                        )
                    );
                    if (table[inside][outside] is { } marked)
                    {
                        lab.Expect(sent, reason, DecapLab.Frame(Packet(Family.Of(inner), 0xb8 | marked)));
                    }
                    else
                    {
                        Assert.Equal(Reason.DroppedCongestion, lab.Send(sent, out _));
                    }
                }
            }
        }
    }

    /// <summary>Both ends of the tunnel are ours: what the balancer sends comes out as the client sent it, one hop on.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task What_the_balancer_wraps_comes_out_whole(
        DecapsulatorHook hook,
        int outer,
        int inner,
        bool isGue,
        Reason reason
    )
    {
        var (family, way) = (
            Family.Of(inner),
            isGue ? Forwarding.Xdp.Tables.BackendForwarding.Gue : Forwarding.Xdp.Tables.BackendForwarding.IpInIp
        );
        using var balancer = new Lab(Hook.Driver);
        balancer.Vip(1, family, backends: 1);
        balancer.Backend(1, way, Family.Of(outer));
        await using var lab = new DecapLab(hook);
        byte[] Sent(int ttl) => Wire.TcpPacket(family.Client(40_000), family.At(), Wire.Ack, "hello"u8.ToArray(), ttl);
        var wrapped = balancer.Send(Lab.Incoming(Sent(64))).Frame;
        // To the address that a test run lets packets come to.
        wrapped.AsSpan(0, 6).Clear();
        Assert.Equal(reason, lab.Send(wrapped, out var left));
        Assert.Equal(Convert.ToHexString(Sent(63)), Convert.ToHexString(left[14..]));
    }

    private static byte[] Packet(Family family, int service) =>
        Wire.TcpPacket(family.Client(40_000), family.At(), Wire.Ack, "hello"u8.ToArray(), service: service);
}
