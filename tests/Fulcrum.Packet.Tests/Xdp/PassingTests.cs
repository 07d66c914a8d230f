using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>What is no business of the balancer's goes to the kernel as it came; what is broken goes nowhere.</summary>
public abstract class PassingTests : IDisposable
{
    private readonly Lab _lab;

    protected PassingTests(Hook hook)
    {
        _lab = new(hook);
        _lab.Vip(4, Family.Four, VipFlags.None, 3);
        _lab.Vip(6, Family.Six, VipFlags.None, 3);
        _lab.Backend(3, BackendForwarding.Direct, Family.Four);
    }

    public void Dispose()
    {
        _lab.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Other_addresses_ports_and_protocols_are_the_kernels(int version)
    {
        var family = Family.Of(version);
        var client = family.Client(1000);
        _lab.Expect(Lab.Incoming(Wire.TcpPacket(client, family.At(81), Wire.Syn)), Reason.PassedNotVip);
        _lab.Expect(Lab.Incoming(Wire.UdpPacket(client, new(family.Ours, 80), [1])), Reason.PassedNotVip);
        _lab.Expect(Lab.Incoming(Wire.Packet(client.Address, family.Vip, 132, new byte[20])), Reason.PassedProtocol);
        var echo = Wire.IcmpMessage(client.Address, family.Vip, (byte)(version == 6 ? 128 : 8), 0, 1, new byte[8]);
        var icmp = version == 6 ? Wire.Icmp6 : Wire.Icmp;
        _lab.Expect(Lab.Incoming(Wire.Packet(client.Address, family.Vip, icmp, echo)), Reason.PassedEcho);
        var solicitation = Wire.IcmpMessage(
            client.Address,
            family.Vip,
            (byte)(version == 6 ? 135 : 13),
            0,
            1,
            new byte[20]
        );
        _lab.Expect(Lab.Incoming(Wire.Packet(client.Address, family.Vip, icmp, solicitation)), Reason.PassedIcmp);
    }

    [Fact]
    public void Frames_of_other_kinds_are_the_kernels()
    {
        var frame = Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn));
        byte[] many = [.. frame];
        many[0] |= 1;
        _lab.Expect(many, Reason.PassedNotUnicast);
        byte[] arp = [.. frame];
        arp[13] = 6;
        _lab.Expect(arp, Reason.PassedNotIP);
        var tagged = Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn), 1, 2, 3);
        _lab.Expect(tagged, Reason.PassedNotIP);
        using var plain = new Lab(_lab.Hook, new() { HasVlans = false, HasIPv6 = false });
        plain.Vip(4, Family.Four, VipFlags.None, 3);
        plain.Expect(Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1), Family.Four.At(), 2), 1), Reason.PassedNotIP);
        plain.Expect(Lab.Incoming(Wire.TcpPacket(Family.Six.Client(1), Family.Six.At(), 2)), Reason.PassedNotIP);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fragments_and_options_go_where_the_policy_says(bool passes)
    {
        using var lab = new Lab(_lab.Hook, new() { PassesFragments = passes, PassesOptions = passes });
        lab.Vip(4, Family.Four, VipFlags.None, 3);
        lab.Vip(6, Family.Six, VipFlags.None, 3);
        var client = Family.Four.Client(1000);
        var segment = Wire.TcpSegment(client, Family.Four.At(), Wire.Syn);
        foreach (ushort fragment in new[] { 0x2000, 0x2001, 0x0001 })
        {
            lab.Expect(
                Lab.Incoming(Wire.Packet(client.Address, Family.Four.Vip, Wire.Tcp, segment, fragment: fragment)),
                passes ? Reason.PassedFragment : Reason.DroppedFragment
            );
            lab.Expect(
                Lab.Incoming(Wire.Packet(client.Address, Family.Four.Ours, Wire.Tcp, segment, fragment: fragment)),
                Reason.PassedNotVip
            );
        }

        lab.Expect(
            Lab.Incoming(Wire.Packet(client.Address, Family.Four.Vip, Wire.Tcp, segment, options: [1, 1, 1, 0])),
            passes ? Reason.PassedOptions : Reason.DroppedOptions
        );
        foreach (byte header in new[] { 0, 43, 51, 60, 44 })
        {
            var (passed, dropped) =
                header == 44
                    ? (Reason.PassedFragment, Reason.DroppedFragment)
                    : (Reason.PassedOptions, Reason.DroppedOptions);
            var packet = Wire.Packet(
                Family.Six.Client(1).Address,
                Family.Six.Vip,
                header,
                [6, 0, 0, 0, 0, 0, 0, 0, .. segment]
            );
            lab.Expect(Lab.Incoming(packet), passes ? passed : dropped);
            packet = Wire.Packet(
                Family.Six.Client(1).Address,
                Family.Six.Ours,
                header,
                [6, 0, 0, 0, 0, 0, 0, 0, .. segment]
            );
            lab.Expect(Lab.Incoming(packet), Reason.PassedNotVip);
        }
    }

    /// <summary>What is heard because an interface listens to all of a network is another node's to forward.</summary>
    [Fact]
    public void A_frame_for_another_host_is_the_kernels()
    {
        var frame = Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn));
        Assert.Equal(Reason.SentDirect, _lab.Send(frame).Reason);
        for (var place = 0; place < 6; place++)
        {
            byte[] other = [.. frame];
            other[place] ^= 0x40;
            _lab.Expect(other, Reason.PassedOtherHost);
        }

        // Where the interface is not known nobody can say.
        _lab.Program.RemoveInterface(Lab.Loopback);
        frame[5] ^= 1;
        Assert.Equal(Reason.SentDirect, _lab.Send(frame).Reason);
        Assert.True(_lab.Program.SetInterface(Lab.Loopback + 1024, default));
        Assert.Equal(Reason.SentDirect, _lab.Send(frame).Reason);
        Assert.False(_lab.Program.SetInterface(Lab.Loopback, default));
        _lab.Program.RemoveInterface(Lab.Loopback);
        Assert.False(_lab.Program.SetInterface(Lab.Loopback, default));
    }

    [Fact]
    public void Fragments_and_options_for_a_prefix_are_for_a_vip()
    {
        var (client, other) = (Family.Four.Client(1000), System.Net.IPAddress.Parse("203.0.113.7"));
        var segment = Wire.TcpSegment(client, new(other, 80), Wire.Syn);
        var fragment = Lab.Incoming(Wire.Packet(client.Address, other, Wire.Tcp, segment, fragment: 0x2000));
        var options = Lab.Incoming(Wire.Packet(client.Address, other, Wire.Tcp, segment, options: [1, 1, 1, 0]));
        _lab.Expect(fragment, Reason.PassedNotVip);
        _lab.Expect(options, Reason.PassedNotVip);
        _lab.Program.AddAddresses(System.Net.IPNetwork.Parse("203.0.113.0/24"));
        _lab.Expect(fragment, Reason.DroppedFragment);
        _lab.Expect(options, Reason.DroppedOptions);
        _lab.Program.RemoveAddresses(System.Net.IPNetwork.Parse("203.0.113.0/24"));
        _lab.Expect(fragment, Reason.PassedNotVip);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_packet_that_says_more_than_there_is_goes_nowhere(int version)
    {
        var family = Family.Of(version);
        var frame = Lab.Incoming(Wire.TcpPacket(family.Client(1000), family.At(), Wire.Ack, new byte[100]));
        var length = 14 + (version == 6 ? 4 : 2);
        byte[] longer = [.. frame];
        longer[length + 1]++;
        _lab.Expect(longer, Reason.DroppedCut);
        byte[] huge = [.. frame];
        huge[length] = 0xff;
        _lab.Expect(huge, Reason.DroppedCut);
        byte[] tiny = [.. frame];
        tiny[length + 1] = (byte)(version == 6 ? 19 : 39);
        _lab.Expect(tiny, Reason.DroppedMalformed);
        Assert.Empty(_lab.Program.Connections.ToList());
    }

    [Theory]
    [InlineData(4, 0x40)]
    [InlineData(4, 0x44)]
    [InlineData(4, 0x65)]
    [InlineData(6, 0x45)]
    [InlineData(6, 0x00)]
    public void A_header_that_cannot_be_is_left_to_the_kernel(int version, int first)
    {
        var family = Family.Of(version);
        var frame = Lab.Incoming(Wire.TcpPacket(family.Client(1000), family.At(), Wire.Ack));
        frame[14] = (byte)first;
        _lab.Expect(frame, Reason.PassedMalformed);
    }

    [Fact]
    public void A_vip_without_a_ring_or_a_backend_counts_what_it_cannot_serve()
    {
        var frame = Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn));
        _lab.Ring(4);
        _lab.Expect(frame, Reason.DroppedNoBackend);
        Assert.Equal(8UL, _lab.Program.Count(Reason.SawNext));
        _lab.Program.Vips.Set(
            new VipKey(TableAddress.Of(Family.Four.Vip), TablePort.Of(Family.VipPort), Wire.Tcp),
            new VipEntry(9, VipFlags.None, Lab.Slots)
        );
        _lab.Expect(frame, Reason.DroppedNoRing);
    }
}

public sealed class PassingTestsAtDriver() : PassingTests(Hook.Driver);

public sealed class PassingTestsAtTrafficControl() : PassingTests(Hook.TrafficControl);
