using Fulcrum.Protocols.Dns;

namespace Fulcrum.Protocols.Tests.Dns;

public sealed class DnsAnswerTests
{
    [Theory]
    [InlineData("", "no answer of type A")]
    [InlineData("a.example A 192.0.2.1; a.example A 192.0.2.2; a.example A 192.0.2.1", "192.0.2.1 | 192.0.2.2")]
    [InlineData("b.example A 192.0.2.1", "no answer of type A")]
    [InlineData("a.example AAAA 2001:db8::1", "no answer of type A")]
    [InlineData("c.example A 192.0.2.3; a.example CNAME b.example; b.example CNAME c.example", "192.0.2.3")]
    [InlineData("a.example CNAME b.example; c.example A 192.0.2.3", "no answer of type A")]
    [InlineData("a.example CNAME a.example", "CNAME loop")]
    [InlineData("a.example CNAME b.example; b.example CNAME a.example; c.example A 192.0.2.3", "CNAME loop")]
    public void An_answer_is_what_was_asked_for_where_aliases_lead(string records, string expected) =>
        Assert.Equal(expected, Find("A.Example.", DnsRecordType.A, Records(records)));

    [Fact]
    public void A_chain_of_aliases_has_a_bound()
    {
        var names = Enumerable.Range(0, 18).Select(i => $"n{i}.example").ToArray();
        var chain = names.Zip(names[1..]).Select(two => new DnsRecord(two.First, DnsRecordType.CNAME, 1, two.Second));
        DnsRecord[] records = [.. chain, new(names[^1], DnsRecordType.A, 1, "192.0.2.1")];
        Assert.Equal("more than 16 CNAMEs in a chain", Find(names[0], DnsRecordType.A, records));
        Assert.Equal("192.0.2.1", Find(names[1], DnsRecordType.A, records));
        Assert.Equal(names[1], Find(names[0], DnsRecordType.CNAME, records));
    }

    [Theory]
    [InlineData(0x8182, "SERVFAIL")]
    [InlineData(0x8183, "NXDOMAIN")]
    [InlineData(0x8185, "REFUSED")]
    [InlineData(0x818f, "response code 15")]
    public void An_error_is_told_by_its_name(int flags, string expected) =>
        Assert.Equal(expected, Find("a.example", DnsRecordType.A, Records("a.example A 192.0.2.1"), flags));

    [Fact]
    public void A_type_without_a_name_is_told_by_its_number() =>
        Assert.Equal("no answer of type TYPE65", Find("a.example", (DnsRecordType)65, []));

    [Theory]
    [InlineData(DnsRecordType.A, "192.0.2.1", "192.0.2.1", true)]
    [InlineData(DnsRecordType.A, "192.0.2.1", "192.0.2.10", false)]
    [InlineData(DnsRecordType.AAAA, "2001:db8::1", "2001:DB8:0::1", true)]
    [InlineData(DnsRecordType.AAAA, "2001:db8::1", "2001:db8::2", false)]
    [InlineData(DnsRecordType.MX, "10 mx1.example.com", "10 MX1.example.com.", true)]
    [InlineData(DnsRecordType.MX, "10 mx1.example.com", "mx1.example.com", false)]
    [InlineData(DnsRecordType.TXT, "Hello.", "Hello.", true)]
    [InlineData(DnsRecordType.TXT, "Hello.", "hello.", false)]
    [InlineData(DnsRecordType.TXT, "Hello.", "Hello", false)]
    [InlineData((DnsRecordType)65, "\\# 1 0f", "\\# 1 0F", true)]
    public void Data_is_compared_as_its_type_has_it(DnsRecordType type, string data, string expected, bool has)
    {
        var question = new DnsQuestion("a.example", type);
        DnsRecord[] records = [new("a.example", type, 1, data)];
        Assert.Equal(has, DnsAnswer.Find(question, Message(question, records, 0x8180)).Has(expected));
    }

    private static string Find(string name, DnsRecordType type, DnsRecord[] records, int flags = 0x8180)
    {
        var question = new DnsQuestion(name, type);
        var answer = DnsAnswer.Find(question, Message(question, records, flags));
        Assert.Equal(answer.Error is null, answer.Data.Count > 0);
        return answer.Error ?? string.Join(" | ", answer.Data);
    }

    private static DnsMessage Message(DnsQuestion question, DnsRecord[] records, int flags) =>
        DnsMessage.TryDecode(DnsWriter.Response(question, records, true, flags), out _)!;

    private static DnsRecord[] Records(string text) =>
        [
            .. text.Split("; ", StringSplitOptions.RemoveEmptyEntries)
                .Select(record => record.Split(' '))
                .Select(words => new DnsRecord(words[0], Enum.Parse<DnsRecordType>(words[1]), 1, words[2])),
        ];
}
