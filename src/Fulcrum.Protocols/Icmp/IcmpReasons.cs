namespace Fulcrum.Protocols.Icmp;

/// <summary>Types and codes of errors as text; null for a type that is no error about a packet of ours.</summary>
internal static class IcmpReasons
{
    // RFC 792; codes 6 to 13 are RFC 1122 section 3.2.2.1 and RFC 1812 section 5.2.7.1.
    public static string? V4(byte type, byte code) =>
        (type, code) switch
        {
            (3, 0 or 11) => "network unreachable",
            (3, 1 or 12) => "host unreachable",
            (3, 2) => "protocol unreachable",
            (3, 3) => "port unreachable",
            (3, 4) => "fragmentation needed",
            (3, 5) => "source route failed",
            (3, 6) => "network unknown",
            (3, 7) => "host unknown",
            (3, 9 or 10 or 13) => "administratively prohibited",
            (3, _) => $"unreachable (code {code})",
            (11, _) => "time exceeded",
            (12, _) => "parameter problem",
            _ => null,
        };

    // RFC 4443 section 3.
    public static string? V6(byte type, byte code) =>
        (type, code) switch
        {
            (1, 0) => "no route",
            (1, 1) => "administratively prohibited",
            (1, 2) => "beyond the scope of the source address",
            (1, 3) => "host unreachable",
            (1, 4) => "port unreachable",
            (1, 5) => "source address refused by policy",
            (1, 6) => "route rejects",
            (1, _) => $"unreachable (code {code})",
            (2, _) => "packet too big",
            (3, _) => "time exceeded",
            (4, _) => "parameter problem",
            _ => null,
        };
}
