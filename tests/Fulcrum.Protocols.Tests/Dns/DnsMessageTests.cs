using Fulcrum.Protocols.Dns;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Dns;

public sealed class DnsMessageTests
{
    private static readonly DnsQuestion Question = new("www.example.com", DnsRecordType.A);

    // Header, and the question for x, type A; what follows begins at octet 19.
    private const string Head = "1234 8180 0001 0001 0000 0000 0178 00 0001 0001";

    [Theory]
    [InlineData("a", "www.example.com", DnsRecordType.A, "192.0.2.80 | 192.0.2.81")]
    [InlineData("aaaa", "WWW.example.com.", DnsRecordType.AAAA, "2001:db8::80")]
    [InlineData("caa", "example.com", DnsRecordType.CAA, "0 issue \"ca.example.net\"")]
    [InlineData("cname", "alias2.example.com", DnsRecordType.A, "192.0.2.81 | 192.0.2.80")]
    [InlineData("cname", "alias2.example.com", DnsRecordType.CNAME, "alias.example.com")]
    [InlineData("mx", "example.com", DnsRecordType.MX, "20 mx2.example.com | 10 mx1.example.com")]
    [InlineData("nxdomain", "nope.example.com", DnsRecordType.A, "NXDOMAIN")]
    [InlineData("ptr", "80.2.0.192.in-addr.arpa", DnsRecordType.PTR, "www.example.com")]
    [InlineData("refused", "example.org", DnsRecordType.A, "REFUSED")]
    [InlineData(
        "soa",
        "auth.example",
        DnsRecordType.SOA,
        "ns.auth.example admin.auth.example 2026 1200 180 1209600 600"
    )]
    [InlineData("srv", "_http._tcp.example.com", DnsRecordType.SRV, "0 5 8080 a.example.com")]
    [InlineData("txt", "txt.example.com", DnsRecordType.TXT, "v=spf1 -allsecond")]
    [InlineData("unknown", "rr.example.com", (DnsRecordType)65, "\\# 3 000100")]
    public void What_a_real_server_says_is_read(string file, string name, DnsRecordType type, string expected)
    {
        var octets = File.ReadAllBytes(Repository.PathOf("tests", "Fulcrum.Fuzz", "Corpus", "dns", file));
        var message = Decode(octets);
        var answer = DnsAnswer.Find(new DnsQuestion(name, type), message);
        Assert.Equal(expected, answer.Error ?? string.Join(" | ", answer.Data));
        Assert.Equal(type != DnsRecordType.CNAME, message.IsResponseTo(0x1234, new DnsQuestion(name, type)));
    }

    [Fact]
    public void What_is_written_is_read_compressed_or_not()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 500; run++)
        {
            var records = Enumerable.Range(0, random.Next(20)).Select(_ => DnsSamples.Record(random)).ToArray();
            foreach (var compress in new[] { false, true })
            {
                var message = Decode(DnsWriter.Response(Question, records, compress));
                Assert.Equal([Question], message.Questions);
                Assert.Equal(records, message.Answers);
            }
        }
    }

    [Fact]
    public void No_beginning_of_a_message_is_taken_for_the_whole_unless_it_says_that_it_was_cut()
    {
        var random = Seeds.NewRandom();
        var records = DnsSamples.Types.Select(type => DnsSamples.Record(random, type)).ToArray();
        var whole = DnsWriter.Response(Question, records, true);
        var cut = DnsWriter.Response(Question, records, true, 0x8380);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(DnsMessage.TryDecode(whole.AsSpan(0, length), out var error));
            Assert.Equal("the message is cut short", error);
            if (DnsMessage.TryDecode(cut.AsSpan(0, length), out _) is { } message)
            {
                Assert.True(message.IsTruncated);
                Assert.Equal(records.Take(message.Answers.Count), message.Answers);
            }
        }

        Assert.Equal(records.Length - 1, Decode(cut.AsSpan(0, cut.Length - 1)).Answers.Count);
    }

    [Theory]
    [InlineData("", "the message is cut short")]
    [InlineData("1234 8180 ffff ffff ffff ffff", "the message is cut short")]
    [InlineData("1234 8180 0001 0000 0000 0000 c00c 0001 0001", "the pointer of a compressed name does not lead back")]
    [InlineData(
        "1234 8180 0001 0000 0000 0000 0161 c00c 0001 0001",
        "the pointer of a compressed name does not lead back"
    )]
    [InlineData("1234 8180 0001 0000 0000 0000 c010 0001 0001", "the pointer of a compressed name does not lead back")]
    [InlineData("1234 8180 0001 0000 0000 0000 4061 0001 0001", "a name is longer than a name can be")]
    [InlineData(Head + "c00c 0001 0001 00000000 0005 c000020100", "the data of a record is longer than what it says")]
    [InlineData(Head + "c00c 0001 0001 00000000 0003 c00002", "the message is cut short")]
    [InlineData(Head + "c00c 000f 0001 00000000 0003 000ac0 0c", "the message is cut short")]
    [InlineData(Head + "c00c 0010 0001 00000000 0002 0561 6161616161", "the message is cut short")]
    [InlineData(Head + "c00c 0005 0001 00000000 0002 c01f", "the pointer of a compressed name does not lead back")]
    public void What_is_no_message_is_named(string hex, string expected)
    {
        Assert.Null(DnsMessage.TryDecode(DnsSamples.Octets(hex), out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData(126, null)]
    [InlineData(127, "the pointer of a compressed name does not lead back")]
    public void Pointers_to_pointers_end_at_a_bound(int count, string? expected)
    {
        // A record of an unknown type, whose data is a chain of pointers down to the root; the next begins at its top.
        var octets = new List<byte>(DnsSamples.Octets("1234 8180 0000 0002 0000 0000 00 0063 0001 00000000"));
        octets.AddRange([(byte)(2 * count >> 8), (byte)(2 * count)]);
        for (var target = 12; count >= 0; count--)
        {
            octets.AddRange([(byte)(0xc0 | target >> 8), (byte)target]);
            target = octets.Count - 2;
        }

        octets.AddRange(DnsSamples.Octets("0063 0001 00000000 0000"));
        _ = DnsMessage.TryDecode(octets.ToArray(), out var error);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Flags_and_classes_are_told()
    {
        var message = Decode(DnsSamples.Octets("abcd a785 0000 0001 0000 0000 00 0001 0003 00000000 0001 00"));
        Assert.True(message.IsResponse && message.IsAuthoritative && message.IsTruncated);
        Assert.True(message.RecursionDesired && message.RecursionAvailable);
        Assert.Equal((0xabcd, 4, 5), (message.Id, message.Opcode, message.ResponseCode));
        Assert.Empty(message.Answers);
    }

    [Theory]
    [InlineData("1234 8180 0001 0000 0000 0000 0157 00 0001 0001", true)]
    [InlineData("1235 8180 0001 0000 0000 0000 0177 00 0001 0001", false)]
    [InlineData("1234 0180 0001 0000 0000 0000 0177 00 0001 0001", false)]
    [InlineData("1234 a180 0001 0000 0000 0000 0177 00 0001 0001", false)]
    [InlineData("1234 8180 0001 0000 0000 0000 0178 00 0001 0001", false)]
    [InlineData("1234 8180 0001 0000 0000 0000 0177 00 001c 0001", false)]
    [InlineData("1234 8180 0001 0000 0000 0000 0177 00 0001 0003", false)]
    [InlineData("1234 8180 0000 0000 0000 0000", false)]
    [InlineData("1234 8181 0000 0000 0000 0000", true)]
    public void A_response_has_the_identifier_and_the_question_of_the_query(string hex, bool expected) =>
        Assert.Equal(
            expected,
            Decode(DnsSamples.Octets(hex)).IsResponseTo(0x1234, new DnsQuestion("w", DnsRecordType.A))
        );

    [Fact]
    public void What_a_text_does_to_a_terminal_is_taken_from_it()
    {
        var message = Decode(DnsSamples.Octets(Head + "c00c 0010 0001 ffffffff 0006 05 1b5b41 c3a9"));
        Assert.Equal([new DnsRecord("x", DnsRecordType.TXT, 0, "\\027[Aé")], message.Answers);
    }

    private static DnsMessage Decode(ReadOnlySpan<byte> octets)
    {
        var message = DnsMessage.TryDecode(octets, out var error);
        Assert.Null(error);
        return Assert.IsType<DnsMessage>(message);
    }
}
