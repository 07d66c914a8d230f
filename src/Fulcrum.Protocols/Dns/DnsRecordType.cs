namespace Fulcrum.Protocols.Dns;

/// <summary>The types that have a text of their own. Any other number is a type, too (RFC 3597).</summary>
public enum DnsRecordType : ushort
{
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
    PTR = 12,
    MX = 15,
    TXT = 16,
    AAAA = 28,
    SRV = 33,
    CAA = 257,
}

internal static class DnsRecordTypes
{
    /// <summary><c>TYPE65</c> where there is no name (RFC 3597 section 5).</summary>
    public static string ToText(this DnsRecordType type) =>
        Enum.IsDefined(type) ? type.ToString() : $"TYPE{(ushort)type}";
}
