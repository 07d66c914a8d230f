namespace Fulcrum.Model.Upstreams;

/// <summary>By what a client is known again.</summary>
public enum ClientIdentity
{
    SourceAddress,

    /// <summary>The Call-ID of a SIP request (RFC 3261 section 8.1.1.4): calls stay together, whoever they come from.</summary>
    SipCallId,
}

/// <summary>A client comes back to the backend it had.</summary>
public sealed record Persistence
{
    /// <summary>How long a client is remembered after its last connection has ended.</summary>
    public required TimeSpan Timeout { get; init; }

    public ClientIdentity By { get; init; }

    /// <summary>Clients whose addresses agree in so many leading bits count as one.</summary>
    public int MaskIpv4 { get; init; } = 32;

    /// <summary>The same for IPv6. With 64 a client is known whose system changes its address (RFC 8981).</summary>
    public int MaskIpv6 { get; init; } = 128;

    /// <summary>Remembered clients at most; past it, of those without connections, the one unseen for longest is forgotten.</summary>
    public int TableSize { get; init; } = 100_000;
}
