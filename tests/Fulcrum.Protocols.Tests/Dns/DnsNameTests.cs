using Fulcrum.Protocols.Dns;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Dns;

public sealed class DnsNameTests
{
    private static readonly string Label63 = new('a', 63);

    [Theory]
    [InlineData(".", "00", ".")]
    [InlineData("a", "0161 00", "a")]
    [InlineData("A.Bc.", "0141 024263 00", "a.bc")]
    [InlineData("a\\.b.c", "03612e62 0163 00", "a\\.b.c")]
    [InlineData("\\\\\\a\\065\\000\\255", "055c614100ff 00", "\\\\aa\\000\\255")]
    [InlineData("a\\.", "02612e 00", "a\\.")]
    public void A_name_is_labels_behind_their_lengths(string name, string wire, string text)
    {
        var octets = DnsName.TryEncode(name, out var problem);
        Assert.Null(problem);
        Assert.Equal(DnsSamples.Octets(wire), octets);
        Assert.Equal(text, DnsName.ToText(octets));
        Assert.Equal(text, DnsName.Canonical(text));
    }

    public static TheoryData<string, string?> Limits =>
        new()
        {
            { "", "a domain name is empty" },
            { "..", "a domain name has an empty label" },
            { ".a", "a domain name has an empty label" },
            { "a..b", "a domain name has an empty label" },
            { "a..", "a domain name has an empty label" },
            { Label63, null },
            { Label63 + "a.b", "a domain name has a label of more than 63 octets" },
            { string.Join('.', Label63, Label63, Label63, Label63[2..]), null },
            { string.Join('.', Label63, Label63, Label63, Label63[1..]), "a domain name has more than 255 octets" },
            { "bücher.example", "a domain name has a character that needs \\DDD" },
            { "a b", "a domain name has a character that needs \\DDD" },
            { "a\\", "a domain name has a character that needs \\DDD" },
            { "a\\25", "a domain name has a character that needs \\DDD" },
            { "a\\256", "a domain name has a character that needs \\DDD" },
            { "\\é", "a domain name has a character that needs \\DDD" },
        };

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_name_has_its_limits(string name, string? problem) => Assert.Equal(problem, DnsName.Problem(name));

    [Fact]
    public void The_text_of_any_octets_is_the_name_of_the_same_octets()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 1000; run++)
        {
            var name = new List<byte>();
            for (var labels = random.Next(4); labels > 0; labels--)
            {
                var label = new byte[random.Next(1, 64)];
                random.NextBytes(label);
                name.AddRange([(byte)label.Length, .. label.Select(octet => (byte)char.ToLowerInvariant((char)octet))]);
            }

            name.Add(0);
            Assert.Equal(name, DnsName.TryEncode(DnsName.ToText(name.ToArray()), out _));
        }
    }
}
