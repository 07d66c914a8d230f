using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;
using Fulcrum.TestKit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>NAT: there and back.</summary>
public abstract class NatTests : IDisposable
{
    private const int BackendPort = 8080;

    private readonly Lab _lab;

    protected NatTests(Hook hook)
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
    [InlineData(4, BackendPort, new int[0])]
    [InlineData(6, BackendPort, new int[0])]
    [InlineData(4, 0, new int[0])]
    [InlineData(6, 0, new int[0])]
    [InlineData(4, BackendPort, new[] { 7, 8 })]
    [InlineData(6, BackendPort, new[] { 7 })]
    public void A_backend_sees_its_own_address_and_the_client_the_vips(int version, int port, int[] tags)
    {
        var family = Family.Of(version);
        _lab.Backend(3, BackendForwarding.Nat, family, entry => entry with { Port = TablePort.Of(port) });
        var (client, backend) = (
            family.Client(1000),
            new IPEndPoint(family.Backend(3), port == 0 ? Family.VipPort : port)
        );
        foreach (var flags in new byte[] { Wire.Syn, Wire.Ack, Wire.Ack, Wire.Fin | Wire.Ack, Wire.Rst })
        {
            _lab.Expect(
                Lab.Incoming(Wire.TcpPacket(client, family.At(), flags, [1, 2, 3]), tags),
                Reason.SentNat,
                Lab.To(3, Wire.TcpPacket(client, backend, flags, [1, 2, 3], ttl: 63), tags)
            );
            _lab.Expect(
                Lab.From(3, Wire.TcpPacket(backend, client, Wire.Syn | Wire.Ack, [4, 5])),
                Reason.SentAnswer,
                Lab.Returning(Wire.TcpPacket(family.At(), client, Wire.Syn | Wire.Ack, [4, 5], ttl: 63), tags)
            );
        }

        var traffic = _lab.Program.TrafficOfVip((uint)version);
        Assert.Equal((5UL, 1UL, 5UL), (traffic.Packets, traffic.Connections, traffic.Answers));
        Assert.Equal(traffic, _lab.Program.TrafficOfBackend(3));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(6, true)]
    public void Datagrams_have_the_checksum_that_they_had_or_none(int version, bool hasChecksum)
    {
        var family = Family.Of(version);
        _lab.Backend(3, BackendForwarding.Nat, family);
        var backend = new IPEndPoint(family.Backend(3), Family.VipPort);
        // One of these payloads makes a checksum of zero, which has to be written as its other form.
        for (var payload = 0; payload < 0x10000; payload += payload % 0x100 == 0 ? 1 : 51)
        {
            byte[] bytes = [(byte)(payload >> 8), (byte)payload];
            var client = family.Client(1000);
            var (verdict, frame) = _lab.Run(
                Lab.Incoming(Wire.UdpPacket(client, family.At(), bytes, hasChecksum: hasChecksum))
            );
            Assert.Equal(_lab.Leaving, verdict);
            Assert.Equal(
                Convert.ToHexString(Lab.To(3, Wire.UdpPacket(client, backend, bytes, 63, hasChecksum))),
                Convert.ToHexString(frame)
            );
            (verdict, frame) = _lab.Run(Lab.From(3, Wire.UdpPacket(backend, client, bytes, hasChecksum: hasChecksum)));
            Assert.Equal(_lab.Leaving, verdict);
            Assert.Equal(
                Convert.ToHexString(Lab.Returning(Wire.UdpPacket(family.At(), client, bytes, 63, hasChecksum))),
                Convert.ToHexString(frame)
            );
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void With_full_NAT_the_backend_sees_an_address_and_port_of_ours(int version)
    {
        var family = Family.Of(version);
        _lab.Backend(3, BackendForwarding.FullNat, family, entry => entry with { Port = TablePort.Of(BackendPort) });
        var backend = new IPEndPoint(family.Backend(3), BackendPort);
        var ports = new HashSet<int>();
        for (var number = 1; number < 200; number++)
        {
            var client = family.Client(number);
            var port = 0;
            foreach (var flags in new[] { Wire.Syn, Wire.Syn, Wire.Ack, Wire.Ack })
            {
                var sent = _lab.Send(Lab.Incoming(Wire.TcpPacket(client, family.At(), flags, [1, 2, 3])));
                Assert.Equal(Reason.SentNat, sent.Reason);
                var at = 14 + family.HeaderLength;
                var found = (sent.Frame[at] << 8) | sent.Frame[at + 1];
                Assert.True(port == 0 || port == found, $"flow {number} had port {port}, and {found} with {flags}");
                port = found;
                var ours = new IPEndPoint(family.Ours, port);
                var expected = Lab.To(3, Wire.TcpPacket(ours, backend, flags, [1, 2, 3], ttl: 63));
                Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(sent.Frame));
                _lab.Expect(
                    Lab.From(3, Wire.TcpPacket(backend, ours, Wire.Ack, [4])),
                    Reason.SentAnswer,
                    Lab.Returning(Wire.TcpPacket(family.At(), client, Wire.Ack, [4], ttl: 63))
                );
            }

            Assert.True(ports.Add(port), "two flows with one port");
        }
    }

    [Theory]
    [InlineData(4, BackendForwarding.Nat)]
    [InlineData(6, BackendForwarding.Nat)]
    [InlineData(4, BackendForwarding.FullNat)]
    [InlineData(6, BackendForwarding.FullNat)]
    internal void Errors_are_translated_in_both_directions(int version, BackendForwarding forwarding)
    {
        var family = Family.Of(version);
        _lab.Backend(3, forwarding, family, entry => entry with { Port = TablePort.Of(BackendPort) });
        var (client, backend) = (family.Client(1000), new IPEndPoint(family.Backend(3), BackendPort));
        var frame = _lab.Send(Lab.Incoming(Wire.TcpPacket(client, family.At(), Wire.Ack))).Frame;
        var at = 14 + family.HeaderLength;
        var seen =
            forwarding == BackendForwarding.Nat
                ? client
                : new IPEndPoint(family.Ours, (frame[at] << 8) | frame[at + 1]);
        var type = (byte)(version == 6 ? 1 : 3);

        // A quoted packet's own checksum is nobody's: only eight bytes of its segment are there.
        byte[] Quoted(IPEndPoint from, IPEndPoint to) =>
            Wire.Packet(from.Address, to.Address, Wire.Tcp, Wire.TcpSegment(from, to, Wire.Ack)[..8]);

        _lab.Expect(
            Lab.Incoming(Telling.Of(family, family.Router, family.Vip, Quoted(family.At(), client), type, 1, 0)),
            Reason.SentNat,
            Lab.To(3, Telling.Of(family, family.Router, backend.Address, Quoted(backend, seen), type, 1, 0, 63))
        );
        _lab.Expect(
            Lab.Incoming(Telling.Of(family, client.Address, family.Vip, Quoted(family.At(), client), type, 3, 0)),
            Reason.SentNat,
            Lab.To(3, Telling.Of(family, seen.Address, backend.Address, Quoted(backend, seen), type, 3, 0, 63))
        );
        // The backend's own error comes from the vip, a router's from the router.
        _lab.Expect(
            Lab.From(3, Telling.Of(family, backend.Address, seen.Address, Quoted(seen, backend), type, 3, 0)),
            Reason.SentAnswer,
            Lab.Returning(Telling.Of(family, family.Vip, client.Address, Quoted(client, family.At()), type, 3, 0, 63))
        );
        _lab.Expect(
            Lab.From(3, Telling.Of(family, family.Router, seen.Address, Quoted(seen, backend), type, 1, 0)),
            Reason.SentAnswer,
            Lab.Returning(
                Telling.Of(family, family.Router, client.Address, Quoted(client, family.At()), type, 1, 0, 63)
            )
        );
        // Of a flow that nobody knows.
        var other = Quoted(family.At(), family.Client(1001));
        _lab.Expect(
            Lab.Incoming(Telling.Of(family, family.Router, family.Vip, other, type, 1, 0)),
            Reason.PassedUnrelated
        );
    }

    [Fact]
    public void A_flood_of_handshakes_leaves_connections_alone()
    {
        _lab.Backend(3, BackendForwarding.FullNat, Family.Four);
        for (var port = 1; port <= 500; port++)
        {
            _lab.Run(Lab.Incoming(Wire.TcpPacket(Family.Four.Client(port), Family.Four.At(), Wire.Syn)));
            _lab.Run(Lab.Incoming(Wire.TcpPacket(Family.Four.Client(port), Family.Four.At(), Wire.Ack)));
        }

        var known = _lab.Program.Translations.ToList().Count;
        Assert.Equal((500, 500), (known, _lab.Program.Connections.ToList().Count));
        for (var port = 1; port <= 20_000; port++)
        {
            _lab.Run(Lab.Incoming(Wire.TcpPacket(Family.Four.Client(port, 10), Family.Four.At(), Wire.Syn)));
        }

        Assert.Equal(500, _lab.Program.Translations.ToList().Count);
        Assert.Equal(500, _lab.Program.Connections.ToList().Count);
        Assert.InRange(_lab.Program.Handshakes.ToList().Count, 500, 1000);
    }

    [Fact]
    public void Without_a_free_port_there_is_no_connection()
    {
        using var lab = new Lab(_lab.Hook, new() { FirstPort = 5000, PortCount = 4 });
        lab.Vip(4, Family.Four, VipFlags.None, 3);
        lab.Backend(3, BackendForwarding.FullNat, Family.Four);
        var reasons = Enumerable
            .Range(1, 40)
            .Select(port =>
                lab.Send(Lab.Incoming(Wire.TcpPacket(Family.Four.Client(port), Family.Four.At(), Wire.Syn))).Reason
            )
            .ToList();
        Assert.Equal(4, reasons.Count(reason => reason == Reason.SentNat));
        Assert.Equal(36, reasons.Count(reason => reason == Reason.DroppedNoPort));
    }

    /// <summary>Two vips, one backend, one port of the client: whose would an answer be?</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_client_gets_another_port_where_its_own_would_be_two_connections(int version)
    {
        var family = Family.Of(version);
        _lab.Backend(3, BackendForwarding.Nat, family, entry => entry with { Port = TablePort.Of(BackendPort) });
        _lab.Program.Vips.Set(
            new VipKey(TableAddress.Of(family.Vip), TablePort.Of(81), Wire.Tcp),
            new VipEntry((uint)version, VipFlags.None, Lab.Slots)
        );
        var (client, backend) = (family.Client(1000), new IPEndPoint(family.Backend(3), BackendPort));
        foreach (var flags in new[] { Wire.Syn, Wire.Ack, Wire.Ack })
        {
            _lab.Expect(
                Lab.Incoming(Wire.TcpPacket(client, family.At(), flags)),
                Reason.SentNat,
                Lab.To(3, Wire.TcpPacket(client, backend, flags, ttl: 63))
            );
        }

        var seen = client;
        foreach (var flags in new[] { Wire.Syn, Wire.Syn, Wire.Ack, Wire.Ack })
        {
            var sent = _lab.Send(Lab.Incoming(Wire.TcpPacket(client, family.At(81), flags)));
            var at = 14 + family.HeaderLength;
            var port = (sent.Frame[at] << 8) | sent.Frame[at + 1];
            Assert.NotEqual(client.Port, port);
            Assert.True(seen.Equals(client) || seen.Port == port, $"{seen.Port} became {port}");
            seen = new(client.Address, port);
            var expected = Lab.To(3, Wire.TcpPacket(seen, backend, flags, ttl: 63));
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(sent.Frame));
        }

        foreach (var (own, vip) in new[] { (client, family.At()), (seen, family.At(81)) })
        {
            _lab.Expect(
                Lab.From(3, Wire.TcpPacket(backend, own, Wire.Ack)),
                Reason.SentAnswer,
                Lab.Returning(Wire.TcpPacket(vip, client, Wire.Ack, ttl: 63))
            );
        }
    }

    [Theory]
    [InlineData(BackendForwarding.Nat)]
    [InlineData(BackendForwarding.FullNat)]
    internal void A_vip_that_forgets_remembers_what_answers_need(BackendForwarding forwarding)
    {
        _lab.Backend(3, forwarding, Family.Four);
        _lab.Backend(2, forwarding, Family.Four);
        _lab.Vip(4, Family.Four, VipFlags.Forgets, 3);
        var frame = Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Ack));
        var first = _lab.Send(frame).Frame;
        _lab.Ring(4, 2);
        Assert.Equal(Convert.ToHexString(first), Convert.ToHexString(_lab.Send(frame).Frame));
        Assert.Single(_lab.Program.Connections.ToList());
        Assert.Equal(1UL, _lab.Program.Count(Reason.SawStored));
    }

    [Fact]
    public void An_entry_for_answers_that_was_lost_comes_back_with_its_port()
    {
        _lab.Backend(3, BackendForwarding.FullNat, Family.Four);
        var frame = Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1000), Family.Four.At(), Wire.Ack));
        var first = _lab.Run(frame).Frame;
        var (answer, _) = Assert.Single(_lab.Program.Translations.ToList());
        var (flow, connection) = Assert.Single(_lab.Program.Connections.ToList());
        _lab.Program.Translations.Remove(answer);
        _lab.Program.Connections.Set(flow, connection with { Seen = connection.Seen - 1 });
        Assert.Equal(Convert.ToHexString(first), Convert.ToHexString(_lab.Run(frame).Frame));
        Assert.Equal(answer, Assert.Single(_lab.Program.Translations.ToList()).Key);
    }

    [Fact]
    public void Answers_follow_the_client_to_another_router()
    {
        _lab.Backend(3, BackendForwarding.Nat, Family.Four);
        var client = Family.Four.Client(1000);
        var frame = Lab.Incoming(Wire.TcpPacket(client, Family.Four.At(), Wire.Ack));
        _lab.Run(frame);
        frame[11] = 99;
        var (flow, connection) = Assert.Single(_lab.Program.Connections.ToList());
        _lab.Program.Connections.Set(flow, connection with { Seen = connection.Seen - 1 });
        _lab.Run(frame);
        var answer = _lab.Run(Lab.From(3, Wire.TcpPacket(new(Family.Four.Backend(3), 80), client, Wire.Ack)));
        Assert.Equal(99, answer.Frame[5]);
    }

    [Fact]
    public void Answers_of_nobody_are_the_kernels_and_old_ones_end()
    {
        _lab.Backend(3, BackendForwarding.Nat, Family.Four);
        var (client, backend) = (Family.Four.Client(1000), new IPEndPoint(Family.Four.Backend(3), 80));
        _lab.Expect(Lab.From(3, Wire.TcpPacket(backend, client, Wire.Ack)), Reason.PassedNotVip);
        _lab.Run(Lab.Incoming(Wire.TcpPacket(client, Family.Four.At(), Wire.Syn)));
        _lab.Expect(Lab.From(3, Wire.TcpPacket(backend, client, Wire.Ack, [], 1)), Reason.DroppedExpired);
        _lab.Backend(3, BackendForwarding.Nat, Family.Six);
        _lab.Expect(Lab.Incoming(Wire.TcpPacket(client, Family.Four.At(), Wire.Syn)), Reason.DroppedFamily);
    }
}

[AlsoInGuest]
public sealed class NatTestsAtDriver() : NatTests(Hook.Driver);

[AlsoInGuest]
public sealed class NatTestsAtTrafficControl() : NatTests(Hook.TrafficControl);
