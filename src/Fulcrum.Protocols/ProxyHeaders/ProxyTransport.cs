namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>What carries the connection; the numbers are those of version 2.</summary>
public enum ProxyTransport
{
    Unspecified,
    Stream,
    Datagram,
}
