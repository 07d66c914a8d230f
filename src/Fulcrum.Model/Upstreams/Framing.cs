namespace Fulcrum.Model.Upstreams;

/// <summary>How datagrams are told apart in a byte stream.</summary>
public enum Framing
{
    /// <summary>Not at all: each piece that is read becomes a datagram, and datagrams run together.</summary>
    None,

    /// <summary>
    /// Before each stands its length, 16 bits with the more significant octet first (RFC 4571 section 2; so does DNS over
    /// TCP, RFC 1035 section 4.2.2).
    /// </summary>
    Length,
}
