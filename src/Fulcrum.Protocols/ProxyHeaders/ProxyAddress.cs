namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>An IP address as a number in host order, 32 bits for IPv4 and 128 for IPv6, and a port.</summary>
public readonly record struct ProxyAddress(ProxyFamily Family, UInt128 Bits, ushort Port)
{
    // RFC 4291 section 2.5.5.2.
    private const ulong MappedPrefix = 0xFFFF;

    /// <summary>Whether this is an IPv4 address, in its own form or in the one that IPv6 has for it.</summary>
    public bool IsIPv4 => Family == ProxyFamily.IPv4 || (Family == ProxyFamily.IPv6 && Bits >> 32 == MappedPrefix);

    internal uint V4Bits => (uint)(Bits & uint.MaxValue);

    internal UInt128 V6Bits => Family == ProxyFamily.IPv4 ? ((UInt128)MappedPrefix << 32) | Bits : Bits;

    /// <summary>The family in which both can be written; unspecified when one of them has no address.</summary>
    internal static ProxyFamily Common(ProxyAddress one, ProxyAddress other) =>
        one.IsIPv4 && other.IsIPv4 ? ProxyFamily.IPv4
        : one.IsIP && other.IsIP ? ProxyFamily.IPv6
        : ProxyFamily.Unspecified;

    private bool IsIP => Family is ProxyFamily.IPv4 or ProxyFamily.IPv6;
}
