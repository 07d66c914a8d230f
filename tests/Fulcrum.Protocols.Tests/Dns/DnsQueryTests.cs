using Fulcrum.Protocols.Dns;

namespace Fulcrum.Protocols.Tests.Dns;

public sealed class DnsQueryTests
{
    [Theory]
    [InlineData("a.B", DnsRecordType.AAAA, true, "1234 0100 0001 0000 0000 0000 0161 0142 00 001c 0001")]
    [InlineData(".", (DnsRecordType)0xfffe, false, "1234 0000 0001 0000 0000 0000 00 fffe 0001")]
    public void A_query_is_a_header_and_a_question(string name, DnsRecordType type, bool recursion, string hex)
    {
        var query = DnsQuery.Encode(0x1234, new DnsQuestion(name, type), recursion);
        Assert.Equal(DnsSamples.Octets(hex), query);
        var message = DnsMessage.TryDecode(query, out _);
        Assert.NotNull(message);
        Assert.False(message.IsResponse);
        Assert.Equal(recursion, message.RecursionDesired);
        Assert.Equal([new DnsQuestion(name.ToLowerInvariant(), type)], message.Questions);
    }

    [Fact]
    public void A_name_that_is_none_is_not_asked_for() =>
        Assert.Throws<ArgumentException>(() => DnsQuery.Encode(1, new DnsQuestion("a..b", DnsRecordType.A), true));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(65535)]
    public void A_message_comes_over_tcp_in_pieces_of_any_size(int length)
    {
        var message = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();
        byte[] stream = [.. DnsQuery.Frame(message), 1, 2, 3];
        foreach (var size in new[] { 1, 2, 3, 100, stream.Length })
        {
            var reader = new DnsStreamReader();
            for (var at = 0; at < stream.Length; at += size)
            {
                Assert.Equal(at >= length + 2, reader.IsComplete);
                reader.Feed(stream.AsSpan(at, Math.Min(size, stream.Length - at)));
            }

            Assert.True(reader.IsComplete);
            Assert.Equal(message, reader.Message);
        }
    }
}
