namespace Fulcrum.TestKit.Load;

/// <summary>The record types that the test client reads (RFC 1035, RFC 3596, RFC 2782).</summary>
public enum DnsType
{
    A = 1,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
}
