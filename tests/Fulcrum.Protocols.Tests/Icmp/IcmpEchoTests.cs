using System.Net.Sockets;
using Fulcrum.Protocols.Icmp;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Icmp;

public sealed class IcmpEchoTests
{
    private const AddressFamily V4 = AddressFamily.InterNetwork;
    private const AddressFamily V6 = AddressFamily.InterNetworkV6;

    [Theory]
    [InlineData(V4, "0800 0349 1234 0001 6162 1e1f 63")]
    [InlineData(V6, "8000 0000 1234 0001 6162 1e1f 63")]
    public void A_request_has_a_checksum_where_the_kernel_gives_it_none(AddressFamily family, string hex)
    {
        var request = IcmpPackets.Request(family, 0x1234, 1, [0x61, 0x62, 0x1e, 0x1f, 0x63]);
        Assert.Equal(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), request);
    }

    [Theory]
    [InlineData(V4)]
    [InlineData(V6)]
    public void What_was_sent_is_what_comes_back(AddressFamily family)
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 1000; run++)
        {
            var payload = new byte[random.Next(100)];
            random.NextBytes(payload);
            var (identifier, sequence) = ((ushort)random.Next(1 << 16), (ushort)random.Next(1 << 16));
            var request = IcmpPackets.Request(family, identifier, sequence, payload);
            var reply = IcmpEcho.Decode(IcmpPackets.Reply(family, request, random.Next(11)), family);
            Assert.Equal((IcmpKind.EchoReply, identifier, sequence), (reply.Kind, reply.Identifier, reply.Sequence));
            Assert.Equal(payload, reply.Payload);

            var quoted = IcmpPackets.Sent(family, request)[..^random.Next(payload.Length + 1)];
            var error = IcmpEcho.Decode(IcmpPackets.Error(family, family == V4 ? 11 : 3, 0, quoted), family);
            Assert.Equal((IcmpKind.Unreachable, identifier, sequence), (error.Kind, error.Identifier, error.Sequence));
            Assert.Equal("time exceeded", error.Reason);
        }
    }

    [Theory]
    [InlineData(V4, 3, 0, "network unreachable")]
    [InlineData(V4, 3, 1, "host unreachable")]
    [InlineData(V4, 3, 3, "port unreachable")]
    [InlineData(V4, 3, 13, "administratively prohibited")]
    [InlineData(V4, 3, 99, "unreachable (code 99)")]
    [InlineData(V4, 11, 1, "time exceeded")]
    [InlineData(V4, 5, 1, null)]
    [InlineData(V4, 8, 0, null)]
    [InlineData(V6, 1, 0, "no route")]
    [InlineData(V6, 1, 1, "administratively prohibited")]
    [InlineData(V6, 1, 3, "host unreachable")]
    [InlineData(V6, 1, 4, "port unreachable")]
    [InlineData(V6, 1, 7, "unreachable (code 7)")]
    [InlineData(V6, 2, 0, "packet too big")]
    [InlineData(V6, 3, 0, "time exceeded")]
    [InlineData(V6, 128, 0, null)]
    [InlineData(V6, 135, 0, null)]
    public void An_error_about_a_request_has_a_reason(AddressFamily family, int type, int code, string? reason)
    {
        var request = IcmpPackets.Request(family, 0x1234, 5, [1, 2, 3]);
        var error = IcmpPackets.Error(family, type, code, IcmpPackets.Sent(family, request));
        var message = IcmpEcho.Decode(error, family);
        Assert.Equal(reason is null ? IcmpKind.None : IcmpKind.Unreachable, message.Kind);
        Assert.Equal(reason, message.Reason);
        Assert.Equal(reason is null ? (0, 0) : (0x1234, 5), (message.Identifier, message.Sequence));
    }

    // What to change in the quoted packet: where, and to what.
    [Theory]
    [InlineData(V4, 0, 0x65)] // Not IPv4.
    [InlineData(V4, 0, 0x44)] // No room for a header.
    [InlineData(V4, 0, 0x4f)] // A header longer than the packet.
    [InlineData(V4, 3, 27)] // Shorter than its header and the eight bytes.
    [InlineData(V4, 7, 1)] // Not the first fragment.
    [InlineData(V4, 9, 17)] // UDP.
    [InlineData(V4, 20, 0)] // A reply.
    [InlineData(V4, 21, 1)]
    [InlineData(V6, 0, 0x45)] // Not IPv6.
    [InlineData(V6, 6, 17)] // UDP.
    [InlineData(V6, 40, 129)] // A reply.
    public void An_error_about_something_else_is_nothing(AddressFamily family, int at, byte value)
    {
        var quoted = IcmpPackets.Sent(family, IcmpPackets.Request(family, 1, 1, []));
        quoted[at] = value;
        Assert.Equal(IcmpKind.None, IcmpEcho.Decode(IcmpPackets.Error(family, 3, 0, quoted), family).Kind);
    }

    [Theory]
    [InlineData(V4)]
    [InlineData(V6)]
    public void What_is_cut_short_is_nothing(AddressFamily family)
    {
        var request = IcmpPackets.Request(family, 0x1234, 5, []);
        var reply = IcmpPackets.Reply(family, request);
        var error = IcmpPackets.Error(family, 3, 0, IcmpPackets.Sent(family, request));
        foreach (var whole in new[] { reply, error })
        {
            for (var length = 0; length < whole.Length; length++)
            {
                Assert.Equal(IcmpKind.None, IcmpEcho.Decode(whole.AsSpan(0, length), family).Kind);
            }
        }
    }

    [Fact]
    public void No_bit_of_an_IPv4_message_may_change_and_what_follows_the_packet_does_not_count()
    {
        var reply = IcmpPackets.Reply(V4, IcmpPackets.Request(V4, 0x1234, 5, [1, 2, 3]));
        Assert.Equal([1, 2, 3], IcmpEcho.Decode([.. reply, 4, 5], V4).Payload.ToArray());
        for (var bit = 20 * 8; bit < reply.Length * 8; bit++)
        {
            var changed = reply.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(IcmpKind.None, IcmpEcho.Decode(changed, V4).Kind);
        }
    }
}
