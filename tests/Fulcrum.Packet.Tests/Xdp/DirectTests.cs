using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;
using Fulcrum.TestKit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>Direct forwarding: hardware addresses and one hop.</summary>
public abstract class DirectTests : IDisposable
{
    private readonly Lab _lab;

    protected DirectTests(Hook hook)
    {
        _lab = new(hook);
        foreach (var family in new[] { Family.Four, Family.Six })
        {
            _lab.Vip(family.IsSix ? 6u : 4, family, VipFlags.None, 3);
        }

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
    public void A_segment_goes_to_the_hardware_address_of_its_backend(int version)
    {
        var family = Family.Of(version);
        foreach (var flags in new[] { Wire.Syn, Wire.Ack, Wire.Fin, Wire.Rst })
        {
            _lab.Expect(
                Lab.Incoming(Wire.TcpPacket(family.Client(1000), family.At(), flags, [1, 2, 3])),
                Reason.SentDirect,
                Lab.To(3, Wire.TcpPacket(family.Client(1000), family.At(), flags, [1, 2, 3], ttl: 63))
            );
        }

        var traffic = _lab.Program.TrafficOfVip((uint)version);
        Assert.Equal(new(4, (ulong)(4 * (family.HeaderLength + 23)), 1, 0, 0), traffic);
        Assert.Equal(traffic, _lab.Program.TrafficOfBackend(3));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(6, true)]
    public void A_datagram_does_too(int version, bool hasChecksum)
    {
        var family = Family.Of(version);
        _lab.Expect(
            Lab.Incoming(Wire.UdpPacket(family.Client(1000), family.At(), [1, 2, 3], hasChecksum: hasChecksum)),
            Reason.SentDirect,
            Lab.To(3, Wire.UdpPacket(family.Client(1000), family.At(), [1, 2, 3], ttl: 63, hasChecksum))
        );
        Assert.Equal(1UL, _lab.Program.TrafficOfVip((uint)version).Connections);
    }

    [Theory]
    [InlineData(4, new[] { 7 })]
    [InlineData(6, new[] { 7 })]
    [InlineData(4, new[] { 7, 0x2fff })]
    [InlineData(6, new[] { 7, 0x2fff })]
    public void Tags_stay(int version, int[] tags)
    {
        var family = Family.Of(version);
        _lab.Expect(
            Lab.Incoming(Wire.TcpPacket(family.Client(1000), family.At(), Wire.Syn), tags),
            Reason.SentDirect,
            Lab.To(3, Wire.TcpPacket(family.Client(1000), family.At(), Wire.Syn, ttl: 63), tags)
        );
    }

    [Fact]
    public void The_end_of_a_short_frame_goes_along()
    {
        byte[] padding = [0, 0, 0, 0, 0, 0];
        _lab.Expect(
            [.. Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn)), .. padding],
            Reason.SentDirect,
            [.. Lab.To(3, Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn, ttl: 63)), .. padding]
        );
    }

    [Fact]
    public void A_checksum_of_a_header_is_right_for_any_hops()
    {
        for (var ttl = 2; ttl < 256; ttl++)
        {
            _lab.Expect(
                Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn, ttl: ttl)),
                Reason.SentDirect,
                Lab.To(3, Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn, ttl: ttl - 1))
            );
        }
    }

    [Fact]
    public void Another_interface_is_reached_by_a_redirect()
    {
        var frame = Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn));
        Assert.Equal(_lab.Leaving, _lab.Send(frame).Verdict);
        _lab.Backend(3, BackendForwarding.Direct, Family.Four, entry => entry with { Interface = 77 });
        Assert.Equal(Verdict.Redirect, _lab.Send(frame).Verdict);
        using var careful = new Lab(_lab.Hook, new() { Transmits = false });
        careful.Vip(1, Family.Four, VipFlags.None, 3);
        careful.Backend(3, BackendForwarding.Direct, Family.Four);
        Assert.Equal(Verdict.Redirect, careful.Send(frame).Verdict);
    }

    [Fact]
    public void A_backend_that_nobody_can_reach_yet_gets_nothing()
    {
        var frame = Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn));
        _lab.Backend(3, BackendForwarding.Direct, Family.Four, entry => entry with { Hardware = default });
        _lab.Expect(frame, Reason.DroppedUnresolved);
        _lab.Backend(3, BackendForwarding.None, Family.Four);
        _lab.Expect(frame, Reason.DroppedUnknown);
    }
}

[AlsoInGuest]
public sealed class DirectTestsAtDriver() : DirectTests(Hook.Driver);

[AlsoInGuest]
public sealed class DirectTestsAtTrafficControl() : DirectTests(Hook.TrafficControl);
