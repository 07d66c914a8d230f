using Fulcrum.Forwarding.Decapsulation;
using Fulcrum.Packet.Tests.Kit;
using Fulcrum.TestKit;
using Reason = Fulcrum.Forwarding.Decapsulation.DecapsulatorReason;

namespace Fulcrum.Packet.Tests.Decapsulation;

/// <summary>What is not taken off: the kernel's as it came, or nobody's.</summary>
public sealed class LeavingTests
{
    private static readonly byte[] Inner = Wire.TcpPacket(Family.Four.Client(40_000), Family.Four.At(), Wire.Syn);
    private static readonly byte[] Inner6 = Wire.TcpPacket(Family.Six.Client(40_000), Family.Six.At(), Wire.Syn);

    [Theory]
    [MemberData(nameof(DecapLab.Hooks), MemberType = typeof(DecapLab))]
    public async Task What_is_for_somebody_else_is_the_kernels(DecapsulatorHook hook)
    {
        await using var lab = new DecapLab(hook);
        foreach (var family in new[] { Family.Four, Family.Six })
        {
            var other = Wire.TcpPacket(family.Client(40_000), new(family.Backend(3), 80), Wire.Syn);
            lab.Expect(DecapLab.Frame(DecapLab.Tunnel(Family.Four, other)), Reason.PassedNotVip);
            lab.Expect(DecapLab.Frame(DecapLab.Tunnel(Family.Six, other, isGue: true)), Reason.PassedNotVip);
            // For the vip, but not in a tunnel.
            lab.Expect(DecapLab.Frame(Wire.TcpPacket(family.Client(1), family.At(), Wire.Syn)), Reason.PassedNotTunnel);
            lab.Expect(
                DecapLab.Frame(Wire.UdpPacket(family.Client(1), family.At(), new byte[40])),
                Reason.PassedNotTunnel
            );
        }

        foreach (var family in new[] { Family.Four, Family.Six })
        {
            // Another port; the variant of GUE that has a header; too little to tell.
            var backend = family.IsSix ? DecapLab.Backend6 : DecapLab.Backend4;
            lab.Expect(DecapLab.Frame(DecapLab.Tunnel(family, Inner, isGue: true, port: 6081)), Reason.PassedNotTunnel);
            var other = Wire.UdpPacket(new(family.Ours, 1), new(backend, 6080), [0, 4, 0, 0, .. Inner]);
            lab.Expect(DecapLab.Frame(other), Reason.PassedNotTunnel);
            lab.Expect(DecapLab.Frame(Wire.UdpPacket(new(family.Ours, 1), new(backend, 6080), [])), Reason.PassedCut);
        }

        lab.Expect(
            DecapLab.Frame([.. Wire.Packet(Family.Four.Ours, DecapLab.Backend4, 4, Inner, fragment: 0x2000)]),
            Reason.PassedOuter
        );
        lab.Expect(
            DecapLab.Frame(Wire.Packet(Family.Four.Ours, DecapLab.Backend4, 4, Inner, options: [1, 1, 1, 1])),
            Reason.PassedOuter
        );
        foreach (var extension in new byte[] { 0, 43, 44, 60 })
        {
            lab.Expect(
                DecapLab.Frame(
                    Wire.Packet(Family.Six.Ours, DecapLab.Backend6, extension, [4, 0, 0, 0, 0, 0, 0, 0, .. Inner])
                ),
                Reason.PassedOuter
            );
        }

        var toMany = DecapLab.Frame(DecapLab.Tunnel(Family.Four, Inner));
        toMany[0] = 1;
        lab.Expect(toMany, Reason.PassedNotUnicast);
    }

    [Fact]
    public async Task Another_host_s_packets_are_not_opened_behind_the_driver()
    {
        await using var lab = new DecapLab(DecapsulatorHook.TrafficControl);
        var frame = DecapLab.Frame(DecapLab.Tunnel(Family.Four, Inner));
        frame[5] = 9;
        lab.Expect(frame, Reason.PassedNotUnicast);
    }

    [Theory]
    [MemberData(nameof(DecapLab.Hooks), MemberType = typeof(DecapLab))]
    public async Task Only_balancers_may_send_it(DecapsulatorHook hook)
    {
        await using var lab = new DecapLab(hook, balancers: ["10.0.0.128/25", "fd00::/16"]);
        lab.Expect(DecapLab.Frame(DecapLab.Tunnel(Family.Four, Inner)), Reason.TakenIPv4InIPv4, DecapLab.Frame(Inner));
        lab.Expect(DecapLab.Frame(DecapLab.Tunnel(Family.Six, Inner6)), Reason.TakenIPv6InIPv6, DecapLab.Frame(Inner6));
        foreach (var source in new[] { Family.Four.Backend(127), Family.Four.Client(1).Address })
        {
            lab.Expect(DecapLab.Frame(Wire.Packet(source, DecapLab.Backend4, 4, Inner)), Reason.DroppedDenied);
        }

        lab.Expect(
            DecapLab.Frame(Wire.Packet(Family.Six.Client(1).Address, DecapLab.Backend6, 41, Inner6)),
            Reason.DroppedDenied
        );
    }

    [Theory]
    [MemberData(nameof(DecapLab.Hooks), MemberType = typeof(DecapLab))]
    public async Task What_is_damaged_ends_here(DecapsulatorHook hook)
    {
        await using var lab = new DecapLab(hook);
        var sum = DecapLab.Frame(DecapLab.Tunnel(Family.Four, Inner));
        sum[14 + 8]++;
        lab.Expect(sum, Reason.DroppedChecksum);
        foreach (var family in new[] { Family.Four, Family.Six })
        {
            foreach (var isGue in new[] { false, true })
            {
                // What is inside says that it is longer than what is outside.
                lab.Expect(DecapLab.Frame(DecapLab.Tunnel(family, Inner[..^1], isGue)), Reason.DroppedCut);
            }
        }
    }

    [Theory]
    [MemberData(nameof(DecapLab.Hooks), MemberType = typeof(DecapLab))]
    public async Task Without_a_port_nothing_is_taken_out_of_UDP(DecapsulatorHook hook)
    {
        await using var lab = new DecapLab(hook, guePort: null);
        lab.Expect(DecapLab.Frame(DecapLab.Tunnel(Family.Four, Inner, isGue: true)), Reason.PassedNotTunnel);
        await using var other = new DecapLab(hook, guePort: 7000);
        lab.Expect(DecapLab.Frame(DecapLab.Tunnel(Family.Four, Inner)), Reason.TakenIPv4InIPv4, DecapLab.Frame(Inner));
        other.Expect(
            DecapLab.Frame(DecapLab.Tunnel(Family.Six, Inner, isGue: true, port: 7000)),
            Reason.TakenGueInIPv6,
            DecapLab.Frame(Inner)
        );
    }

    /// <summary>However short a frame is or what is changed in it: one reason, and what is passed or dropped stays as it came.</summary>
    [Theory]
    [MemberData(nameof(DecapLab.Hooks), MemberType = typeof(DecapLab))]
    public async Task Whatever_comes_has_an_end(DecapsulatorHook hook)
    {
        await using var lab = new DecapLab(hook);
        var random = Seeds.NewRandom();
        foreach (var outer in new[] { Family.Four, Family.Six })
        {
            foreach (var inner in new[] { Inner, Inner6 })
            {
                foreach (var isGue in new[] { false, true })
                {
                    var frame = DecapLab.Frame(DecapLab.Tunnel(outer, inner, isGue));
                    // A test run of traffic control takes no packet that is shorter than its header.
                    var least = hook == DecapsulatorHook.Driver ? 14 : 14 + outer.HeaderLength;
                    for (var length = least; length < frame.Length; length++)
                    {
                        Look(lab, frame[..length]);
                    }

                    for (var round = 0; round < 300; round++)
                    {
                        byte[] changed = [.. frame];
                        changed[random.Next(changed.Length)] = (byte)random.Next(256);
                        changed[12 + random.Next(frame.Length - 12)] = (byte)random.Next(256);
                        Look(lab, changed);
                    }
                }
            }
        }
    }

    private static void Look(DecapLab lab, byte[] frame)
    {
        var reason = lab.Send(frame, out var left);
        if (reason < Reason.TakenIPv4InIPv4)
        {
            Assert.Equal(Convert.ToHexString(frame), Convert.ToHexString(left));
        }
        else
        {
            Assert.InRange(left.Length, 14 + 20, frame.Length - 20);
        }
    }
}
