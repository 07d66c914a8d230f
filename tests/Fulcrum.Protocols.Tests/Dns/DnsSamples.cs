using System.Net;
using Fulcrum.Protocols.Dns;

namespace Fulcrum.Protocols.Tests.Dns;

/// <summary>Names and records as they come from decoding.</summary>
internal static class DnsSamples
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789-_*";

    private static readonly string[] Texts = ["v=spf1 -all", "", "a\\b \"c\"", "grün 😀", new('x', 255), new('é', 300)];

    public static DnsRecordType[] Types { get; } = [.. Enum.GetValues<DnsRecordType>(), (DnsRecordType)65];

    public static byte[] Octets(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public static DnsRecord Record(Random random) => Record(random, Types[random.Next(Types.Length)]);

    public static DnsRecord Record(Random random, DnsRecordType type) =>
        new(Name(random), type, (uint)random.Next(), Data(random, type));

    /// <summary>Of few ends, so that they can be compressed.</summary>
    public static string Name(Random random) =>
        random.Next(4) switch
        {
            0 => ".",
            1 => string.Join('.', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Label(random))),
            2 => $"{Label(random)}.example.com",
            _ => "www.example.com",
        };

    private static string Data(Random random, DnsRecordType type) =>
        type switch
        {
            DnsRecordType.A => Address(random, 4),
            DnsRecordType.AAAA => Address(random, 16),
            DnsRecordType.NS or DnsRecordType.CNAME or DnsRecordType.PTR => Name(random),
            DnsRecordType.MX => $"{Number(random)} {Name(random)}",
            DnsRecordType.SRV => $"{Number(random)} {Number(random)} {Number(random)} {Name(random)}",
            DnsRecordType.SOA => $"{Name(random)} {Name(random)} {random.Next()} 1 {uint.MaxValue} 3 4",
            DnsRecordType.CAA => $"{random.Next(256)} issue \"{Name(random)}\"",
            DnsRecordType.TXT => Texts[random.Next(Texts.Length)],
            _ => Unknown(random, random.Next(300)),
        };

    private static int Number(Random random) => random.Next(1 << 16);

    private static string Label(Random random) => new(random.GetItems<char>(Letters, random.Next(1, 64)));

    private static string Address(Random random, int length) => new IPAddress(Some(random, length)).ToString();

    private static string Unknown(Random random, int length) =>
        length == 0 ? "\\# 0" : $"\\# {length} {Convert.ToHexStringLower(Some(random, length))}";

    private static byte[] Some(Random random, int length)
    {
        var octets = new byte[length];
        random.NextBytes(octets);
        return octets;
    }
}
