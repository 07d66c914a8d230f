using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>Tunnels in every mix of families.</summary>
public abstract class TunnelTests : IDisposable
{
    private const int Service = 0x2b;

    private readonly Lab _lab;

    protected TunnelTests(Hook hook)
    {
        _lab = new(hook);
        _lab.Vip(4, Family.Four, VipFlags.None, 3);
        _lab.Vip(6, Family.Six, VipFlags.None, 3);
    }

    public void Dispose()
    {
        _lab.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(4, 4, new int[0])]
    [InlineData(4, 6, new int[0])]
    [InlineData(6, 4, new int[0])]
    [InlineData(6, 6, new int[0])]
    [InlineData(4, 6, new[] { 5 })]
    [InlineData(6, 4, new[] { 5 })]
    [InlineData(4, 6, new[] { 5, 6 })]
    [InlineData(6, 4, new[] { 5, 6 })]
    public void A_packet_goes_within_another(int inside, int outside, int[] tags)
    {
        var (inner, outer) = (Family.Of(inside), Family.Of(outside));
        _lab.Backend(3, BackendForwarding.IpInIp, outer);
        _lab.Expect(
            Lab.Incoming(Wire.TcpPacket(inner.Client(1000), inner.At(), Wire.Ack, [1, 2, 3], service: Service), tags),
            Reason.SentTunnel,
            Lab.To(
                3,
                Wire.Packet(
                    outer.Ours,
                    outer.Backend(3),
                    (byte)(inside == 6 ? 41 : 4),
                    Wire.TcpPacket(inner.Client(1000), inner.At(), Wire.Ack, [1, 2, 3], ttl: 63, service: Service),
                    service: Service
                ),
                tags
            )
        );
    }

    [Theory]
    [InlineData(4, 4, true)]
    [InlineData(4, 6, true)]
    [InlineData(6, 4, true)]
    [InlineData(6, 6, true)]
    [InlineData(4, 4, false)]
    [InlineData(4, 6, false)]
    [InlineData(6, 4, false)]
    [InlineData(6, 6, false)]
    public void A_packet_goes_within_a_datagram(int inside, int outside, bool isTcp)
    {
        var (inner, outer) = (Family.Of(inside), Family.Of(outside));
        _lab.Backend(3, BackendForwarding.Gue, outer);
        for (var length = 0; length < 40; length++)
        {
            var payload = Enumerable.Range(1, length).Select(i => (byte)(i * 37)).ToArray();
            byte[] Packet(int ttl) =>
                isTcp
                    ? Wire.TcpPacket(inner.Client(1000), inner.At(), Wire.Ack, payload, ttl)
                    : Wire.UdpPacket(inner.Client(1000), inner.At(), payload, ttl);

            var sent = _lab.Send(Lab.Incoming(Packet(64)));
            Assert.Equal(Reason.SentTunnel, sent.Reason);
            // Only the hash knows the port.
            var at = 14 + outer.HeaderLength;
            var port = (sent.Frame[at] << 8) | sent.Frame[at + 1];
            Assert.InRange(port, 0xc000, 0xffff);
            var (from, to) = (new IPEndPoint(outer.Ours, port), new IPEndPoint(outer.Backend(3), Sums.TunnelPort));
            var expected = Lab.To(3, Wire.UdpPacket(from, to, Packet(63), hasChecksum: outside == 6));
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(sent.Frame));
        }
    }

    [Fact]
    public void Flows_have_many_ports_outside()
    {
        _lab.Backend(3, BackendForwarding.Gue, Family.Four);
        var ports = Enumerable
            .Range(1, 200)
            .Select(port =>
                _lab.Run(Lab.Incoming(Wire.TcpPacket(Family.Four.Client(port), Family.Four.At(), Wire.Ack)))
            )
            .Select(sent => (sent.Frame[34] << 8) | sent.Frame[35])
            .Distinct()
            .Count();
        Assert.InRange(ports, 190, 200);
    }

    [Fact]
    public void A_datagram_without_a_checksum_has_none_to_derive_another_from()
    {
        var frame = Lab.Incoming(
            Wire.UdpPacket(Family.Four.Client(1000), Family.Four.At(), [1, 2], hasChecksum: false)
        );
        _lab.Backend(3, BackendForwarding.Gue, Family.Six);
        Assert.Equal(Reason.DroppedNoChecksum, _lab.Send(frame).Reason);
        _lab.Backend(3, BackendForwarding.Gue, Family.Four);
        Assert.Equal(Reason.SentTunnel, _lab.Send(frame).Reason);
    }

    [Theory]
    [InlineData(4, 4, BackendForwarding.IpInIp, 20)]
    [InlineData(4, 6, BackendForwarding.IpInIp, 40)]
    [InlineData(6, 4, BackendForwarding.IpInIp, 20)]
    [InlineData(6, 6, BackendForwarding.IpInIp, 40)]
    [InlineData(4, 4, BackendForwarding.Gue, 28)]
    [InlineData(6, 6, BackendForwarding.Gue, 48)]
    internal void What_does_not_fit_is_told_to_the_client(
        int inside,
        int outside,
        BackendForwarding forwarding,
        int overhead
    )
    {
        var (inner, outer) = (Family.Of(inside), Family.Of(outside));
        _lab.Backend(3, forwarding, outer);
        var fits = new byte[1500 - overhead - inner.HeaderLength - 20];
        foreach (var tags in new int[][] { [], [7], [7, 8] })
        {
            var fitting = Lab.Incoming(Wire.TcpPacket(inner.Client(1000), inner.At(), Wire.Ack, fits), tags);
            Assert.Equal(Reason.SentTunnel, _lab.Send(fitting).Reason);
            var packet = Wire.TcpPacket(inner.Client(1000), inner.At(), Wire.Ack, [.. fits, 1]);
            var (type, code) = inside == 6 ? (2, 0) : (3, 4);
            _lab.Expect(
                Lab.Incoming(packet, tags),
                Reason.SentTooBig,
                Lab.Returning(Telling.Of(inner, packet, (byte)type, (byte)code, 1500 - overhead), tags)
            );
        }
    }
}

public sealed class TunnelTestsAtDriver() : TunnelTests(Hook.Driver);

public sealed class TunnelTestsAtTrafficControl() : TunnelTests(Hook.TrafficControl);
