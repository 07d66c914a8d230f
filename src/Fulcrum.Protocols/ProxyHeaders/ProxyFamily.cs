namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>What kind of addresses a header has; the numbers are those of version 2.</summary>
public enum ProxyFamily
{
    Unspecified,
    IPv4,
    IPv6,
    Unix,
}
