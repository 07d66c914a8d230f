using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>ICMP errors find whom they concern, and a vip tells its own.</summary>
public abstract class ErrorTests : IDisposable
{
    private readonly Lab _lab;

    protected ErrorTests(Hook hook)
    {
        _lab = new(hook);
        _lab.Vip(4, Family.Four, VipFlags.None, 1, 2, 3);
        _lab.Vip(6, Family.Six, VipFlags.None, 1, 2, 3);
    }

    public void Dispose()
    {
        _lab.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(4, 3, 4)]
    [InlineData(4, 11, 0)]
    [InlineData(4, 12, 0)]
    [InlineData(6, 1, 0)]
    [InlineData(6, 2, 0)]
    [InlineData(6, 3, 0)]
    [InlineData(6, 4, 0)]
    public void An_error_goes_where_its_flow_goes(int version, byte type, byte code)
    {
        var family = Family.Of(version);
        Backends(BackendForwarding.Direct, family);
        for (var port = 1; port < 30; port++)
        {
            var client = family.Client(port);
            // A table knows the first half of the flows, and the ring alone the others.
            var flags = port < 15 ? Wire.Ack : Wire.Syn;
            var backend = _lab.BackendOf(Lab.Incoming(Wire.TcpPacket(client, family.At(), flags)));
            var quoted = Wire.TcpPacket(family.At(), client, Wire.Ack, new byte[60]);
            byte[] Told(int ttl) => Telling.Of(family, family.Router, family.Vip, quoted, type, code, 1400, ttl);
            _lab.Expect(Lab.Incoming(Told(64)), Reason.SentDirect, Lab.To(backend, Told(63)));
        }

        Assert.Equal(29UL, _lab.Program.Count(Reason.SawError));
        Assert.Equal(14, _lab.Program.Connections.ToList().Count);
    }

    [Theory]
    [InlineData(4, 4, BackendForwarding.IpInIp)]
    [InlineData(4, 6, BackendForwarding.IpInIp)]
    [InlineData(6, 4, BackendForwarding.IpInIp)]
    [InlineData(4, 6, BackendForwarding.Gue)]
    [InlineData(6, 6, BackendForwarding.Gue)]
    internal void An_error_goes_through_a_tunnel(int inside, int outside, BackendForwarding forwarding)
    {
        var (inner, outer) = (Family.Of(inside), Family.Of(outside));
        Backends(forwarding, outer);
        var client = inner.Client(1000);
        var backend = _lab.BackendOf(Lab.Incoming(Wire.UdpPacket(client, inner.At(), [1])));
        var quoted = Wire.UdpPacket(inner.At(), client, [1, 2, 3]);
        byte[] Told(int ttl) =>
            Telling.Of(inner, inner.Router, inner.Vip, quoted, (byte)(inside == 6 ? 1 : 3), 1, 0, ttl);
        var sent = _lab.Send(Lab.Incoming(Told(64)));
        Assert.Equal((Reason.SentTunnel, backend), (sent.Reason, sent.Frame[5]));
        Assert.Null(Sums.WrongIn(sent.Frame));
        Assert.Equal(Convert.ToHexString(Told(63)), Convert.ToHexString(sent.Frame[^Told(63).Length..]));
        // Nobody is told of an error about an error.
        _lab.Backend(backend, forwarding, outer, entry => entry with { Mtu = 60 });
        Assert.Equal(Reason.DroppedTooBig, _lab.Send(Lab.Incoming(Told(64))).Reason);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void An_error_about_something_else_is_the_kernels(int version)
    {
        var family = Family.Of(version);
        Backends(BackendForwarding.Direct, family);
        var client = family.Client(1000);
        var type = (byte)(version == 6 ? 1 : 3);
        var quoted = Wire.TcpPacket(new(family.Ours, 80), client, Wire.Ack);
        _lab.Expect(
            Lab.Incoming(Telling.Of(family, family.Router, family.Ours, quoted, type, 0, 0)),
            Reason.PassedUnrelated
        );
        // It claims to be about a packet of a vip, and came to another address.
        quoted = Wire.TcpPacket(family.At(), client, Wire.Ack);
        _lab.Expect(
            Lab.Incoming(Telling.Of(family, family.Router, family.Ours, quoted, type, 0, 0)),
            Reason.PassedUnrelated
        );
        quoted = Wire.Packet(family.Vip, client.Address, 132, new byte[20]);
        _lab.Expect(
            Lab.Incoming(Telling.Of(family, family.Router, family.Vip, quoted, type, 0, 0)),
            Reason.PassedUnrelated
        );
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_packet_without_a_hop_left_is_told_of(int version)
    {
        var family = Family.Of(version);
        Backends(BackendForwarding.Direct, family);
        var type = (byte)(version == 6 ? 3 : 11);
        foreach (var tags in new int[][] { [], [7], [7, 8] })
        {
            for (var ttl = 0; ttl < 2; ttl++)
            {
                var packet = Wire.TcpPacket(family.Client(1000), family.At(), Wire.Syn, [], ttl);
                var told = Lab.Returning(Telling.Of(family, packet, type, 0, 0), tags);
                _lab.Expect(Lab.Incoming(packet, tags), Reason.SentExpired, told);
                packet = Wire.UdpPacket(family.Client(1000), family.At(), [], ttl);
                told = Lab.Returning(Telling.Of(family, packet, type, 0, 0), tags);
                _lab.Expect(Lab.Incoming(packet, tags), Reason.SentExpired, told);
            }
        }

        var quoted = Wire.TcpPacket(family.At(), family.Client(1000), Wire.Ack);
        var error = Lab.Incoming(Telling.Of(family, family.Router, family.Vip, quoted, type, 0, 0, ttl: 1));
        _lab.Expect(error, Reason.DroppedExpired);
        var nobody = Wire.TcpPacket(
            new(version == 6 ? System.Net.IPAddress.IPv6Any : System.Net.IPAddress.Any, 1),
            family.At(),
            Wire.Syn,
            [],
            1
        );
        _lab.Expect(Lab.Incoming(nobody), Reason.DroppedExpired);
    }

    /// <summary>Whichever way it goes: what is longer than the way can take would be lost without a word.</summary>
    [Theory]
    [InlineData(4, BackendForwarding.Direct)]
    [InlineData(6, BackendForwarding.Direct)]
    [InlineData(4, BackendForwarding.Nat)]
    [InlineData(6, BackendForwarding.Nat)]
    [InlineData(4, BackendForwarding.FullNat)]
    [InlineData(6, BackendForwarding.FullNat)]
    internal void What_does_not_fit_on_the_way_is_told_to_the_client(int version, BackendForwarding forwarding)
    {
        var family = Family.Of(version);
        var fits = new byte[1280 - family.HeaderLength - 20];
        var packet = Wire.TcpPacket(family.Client(1000), family.At(), Wire.Ack, [.. fits, 1]);
        var told = Telling.Of(family, packet, (byte)(version == 6 ? 2 : 3), (byte)(version == 6 ? 0 : 4), 1280);
        for (var number = 1u; number <= 3; number++)
        {
            _lab.Backend(number, forwarding, family, entry => entry with { Mtu = 1280 });
        }

        _lab.Expect(Lab.Incoming(packet, 7), Reason.SentTooBig, Lab.Returning(told, 7));
        Assert.Empty(_lab.Program.Connections.ToList());
        var fitting = Lab.Incoming(Wire.TcpPacket(family.Client(1000), family.At(), Wire.Ack, fits));
        var sent = forwarding == BackendForwarding.Direct ? Reason.SentDirect : Reason.SentNat;
        Assert.Equal(sent, _lab.Send(fitting).Reason);
        for (var number = 1u; number <= 3; number++)
        {
            _lab.Backend(number, forwarding, family, entry => entry with { Mtu = 0 });
        }

        Assert.Equal(sent, _lab.Send(Lab.Incoming(packet)).Reason);
    }

    [Fact]
    public void No_more_is_told_than_may_be()
    {
        using var lab = new Lab(_lab.Hook, new() { MostErrors = 3 });
        lab.Vip(4, Family.Four, VipFlags.None, 3);
        var frame = Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Syn, [], 1));
        for (var i = 0; i < 1000; i++)
        {
            lab.Run(frame);
        }

        // Of each processor three in each second or so; this takes none.
        var told = lab.Program.Count(Reason.SentExpired);
        Assert.InRange(told, 3UL, 60UL);
        Assert.Equal(1000 - told, lab.Program.Count(Reason.DroppedQuiet));
    }

    private void Backends(BackendForwarding forwarding, Family family)
    {
        for (var number = 1u; number <= 3; number++)
        {
            _lab.Backend(number, forwarding, family);
        }
    }
}

public sealed class ErrorTestsAtDriver() : ErrorTests(Hook.Driver);

public sealed class ErrorTestsAtTrafficControl() : ErrorTests(Hook.TrafficControl);
