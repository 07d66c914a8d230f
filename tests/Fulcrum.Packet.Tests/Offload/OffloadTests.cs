using Fulcrum.Forwarding.Offload.Tables;
using Fulcrum.Packet.Tests.Kit;

namespace Fulcrum.Packet.Tests.Offload;

/// <summary>Datagrams of sessions that the kernel carries, byte for byte.</summary>
public sealed class OffloadTests : IDisposable
{
    private static readonly byte[] Words = "one word, and another"u8.ToArray();

    private readonly Turning _turning = new();

    public void Dispose() => _turning.Dispose();

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_client_s_goes_to_the_backend_and_the_answer_comes_from_the_listener(int version)
    {
        var family = Family.Of(version);
        _turning.Carry(family);
        for (var length = 0; length < 64; length++)
        {
            var payload = Enumerable.Range(0, length).Select(at => (byte)(at * 7 + length)).ToArray();
            _turning.ExpectSent(
                Wire.UdpPacket(Turning.Client(family), Turning.Listener(family), payload),
                Wire.UdpPacket(Turning.Own(family), Turning.Backend(family), payload, ttl: 63)
            );
            _turning.ExpectSent(
                Wire.UdpPacket(Turning.Backend(family), Turning.Own(family), payload, ttl: 2),
                Wire.UdpPacket(Turning.Listener(family), Turning.Client(family), payload, ttl: 1)
            );
        }

        foreach (var number in new[] { Turning.There, Turning.Back })
        {
            var tally = _turning.Program.Tallies[number];
            Assert.Equal((64UL, 63UL * 64 / 2), (tally.Datagrams, tally.Bytes));
            Assert.NotEqual(0UL, tally.Seen);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Others_go_on_as_they_came(int version)
    {
        var family = Family.Of(version);
        _turning.Carry(family);
        var (client, listener) = (Turning.Client(family), Turning.Listener(family));
        _turning.ExpectLeft(Wire.UdpPacket(new(client.Address, client.Port + 1), listener, Words), null);
        _turning.ExpectLeft(Wire.UdpPacket(client, new(listener.Address, listener.Port + 1), Words), null);
        _turning.ExpectLeft(
            Wire.UdpPacket(new(family.Client(0, number: 8).Address, client.Port), listener, Words),
            null
        );
        _turning.ExpectLeft(Wire.UdpPacket(listener, client, Words), null);
        _turning.ExpectLeft(Wire.TcpPacket(client, listener, Wire.Ack, Words), null);
        var other = Family.Of(10 - version);
        _turning.ExpectLeft(Wire.UdpPacket(Turning.Client(other), Turning.Listener(other), Words), null);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_damaged_one_stays_damaged(int version)
    {
        var family = Family.Of(version);
        _turning.Carry(family);
        var packet = Wire.UdpPacket(Turning.Client(family), Turning.Listener(family), Words);
        packet[^1] ^= 0x40;
        var (verdict, after) = _turning.Send(packet);
        Assert.Equal(Turning.Redirect, verdict);
        Assert.Contains(
            "checksum of UDP",
            Sums.WrongIn(Wire.Ethernet(Family.OurHardware, Family.RouterHardware, after)),
            StringComparison.Ordinal
        );
        // And not in any other way: what was done to it is done to a whole one.
        after[^1] ^= 0x40;
        Assert.Equal(
            Convert.ToHexString(Wire.UdpPacket(Turning.Own(family), Turning.Backend(family), Words, ttl: 63)),
            Convert.ToHexString(after)
        );
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void What_is_left_to_user_space_is_left_whole(int version)
    {
        var family = Family.Of(version);
        _turning.Carry(family);
        var (client, listener) = (Turning.Client(family), Turning.Listener(family));
        _turning.ExpectLeft(Wire.UdpPacket(client, listener, Words, ttl: 1), Miss.LastHop);
        _turning.ExpectLeft(Wire.UdpPacket(client, listener, Words, hasChecksum: false), Miss.Checksum);
        var longest = Turning.Mtu - family.HeaderLength - 8;
        _turning.ExpectLeft(Wire.UdpPacket(client, listener, new byte[longest + 1]), Miss.Length);
        _turning.ExpectSent(
            Wire.UdpPacket(client, listener, new byte[longest]),
            Wire.UdpPacket(Turning.Own(family), Turning.Backend(family), new byte[longest], ttl: 63)
        );
        var wrong = Wire.UdpPacket(client, listener, Words);
        wrong[family.HeaderLength + 5]++;
        _turning.ExpectLeft(wrong, Miss.Damaged);
    }

    [Fact]
    public void Fragments_and_packets_with_options_are_left()
    {
        _turning.Carry(Family.Four);
        _turning.Carry(Family.Six);
        var (client, listener) = (Turning.Client(Family.Four), Turning.Listener(Family.Four));
        var datagram = Wire.UdpDatagram(client, listener, Words);
        foreach (var fragment in new ushort[] { 0x2000, 0x0001, 0x2001 })
        {
            _turning.ExpectLeft(
                Wire.Packet(client.Address, listener.Address, Wire.Udp, datagram, fragment: fragment),
                null
            );
        }

        _turning.ExpectLeft(
            Wire.Packet(client.Address, listener.Address, Wire.Udp, datagram, options: [1, 1, 1, 0]),
            null
        );
        (client, listener) = (Turning.Client(Family.Six), Turning.Listener(Family.Six));
        datagram = Wire.UdpDatagram(client, listener, Words);
        foreach (var header in new byte[] { 0, 43, 44, 51, 60 })
        {
            _turning.ExpectLeft(
                Wire.Packet(client.Address, listener.Address, header, [Wire.Udp, 0, 0, 0, 0, 0, 0, 0, .. datagram]),
                null
            );
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Frames_for_others_and_of_vlans_are_left(int version)
    {
        var family = Family.Of(version);
        _turning.Carry(family);
        var packet = Wire.UdpPacket(Turning.Client(family), Turning.Listener(family), Words);
        foreach (
            var frame in new[]
            {
                Wire.Ethernet(Family.HardwareOf(9), Family.RouterHardware, packet),
                Wire.Ethernet(new([1, 0, 0x5e, 0, 0, 1]), Family.RouterHardware, packet),
            }
        )
        {
            var (verdict, after) = _turning.SendFrame(frame);
            Assert.Equal((Turning.Next, Convert.ToHexString(packet)), (verdict, Convert.ToHexString(after)));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void What_is_cut_anywhere_is_left_as_it_is(int version)
    {
        var family = Family.Of(version);
        _turning.Carry(family);
        var packet = Wire.UdpPacket(Turning.Client(family), Turning.Listener(family), Words);
        for (var left = family.HeaderLength; left < packet.Length; left++)
        {
            var (verdict, after) = _turning.Send(packet, length: packet.Length - left);
            Assert.Equal(Turning.Next, verdict);
            Assert.Equal(Convert.ToHexString(packet[..left]), Convert.ToHexString(after));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void What_is_for_this_machine_keeps_its_hops_and_goes_on(int version)
    {
        var family = Family.Of(version);
        _turning.Carry(family, there: TurnFlags.ToHere);
        var sent = Wire.UdpPacket(Turning.Client(family), Turning.Listener(family), Words, ttl: 1);
        var expected = Wire.UdpPacket(Turning.Own(family), Turning.Backend(family), Words, ttl: 1);
        _turning.ExpectHere(sent, expected, byLoopback: true);
        if (family.IsSix)
        {
            _turning.ExpectHere(sent, expected);
        }
        else
        {
            // The kernel would take it for forged.
            _turning.ExpectLeft(sent, Miss.Local);
            _turning.Accept();
            _turning.ExpectHere(sent, expected);
        }

        _turning.Carry(family, there: TurnFlags.ToHere | TurnFlags.WithinLoopback);
        _turning.ExpectLeft(sent, Miss.Local);
        _turning.ExpectHere(sent, expected, byLoopback: true);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Where_the_interface_does_not_forward_all_is_left(int version)
    {
        using var turning = new Turning(forwards: false);
        var family = Family.Of(version);
        turning.Carry(family);
        foreach (var byLoopback in new[] { false, true })
        {
            turning.ExpectLeft(
                Wire.UdpPacket(Turning.Client(family), Turning.Listener(family), Words),
                Miss.Forwarding,
                byLoopback
            );
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Checksums_are_right_for_whatever_is_sent(int version)
    {
        var family = Family.Of(version);
        _turning.Carry(family);
        var dice = TestKit.Seeds.NewRandom();
        for (var i = 0; i < 500; i++)
        {
            var payload = new byte[dice.Next(600)];
            dice.NextBytes(payload);
            var (verdict, after) = _turning.Send(
                Wire.UdpPacket(Turning.Client(family), Turning.Listener(family), payload, ttl: dice.Next(2, 256))
            );
            Assert.Equal(Turning.Redirect, verdict);
            Assert.Null(Sums.WrongIn(Wire.Ethernet(Family.OurHardware, Family.RouterHardware, after)));
            Assert.Equal(payload, after[(family.HeaderLength + 8)..]);
        }
    }
}
