using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Services;

public enum ProxyProtocolAcceptance
{
    Off,

    /// <summary>A connection from a trusted prefix may begin with a header.</summary>
    Accept,

    /// <summary>Every connection must begin with a header.</summary>
    Require,
}

/// <summary>
/// Who may use a service, and how much. The most specific prefix that holds the client decides, whichever list
/// it stands in; a client that no prefix holds is refused when there is an allow list, else admitted.
/// Any first-match list of prefixes can be said this way: a later rule inside an earlier, wider one never acts.
/// </summary>
public sealed record ClientRules
{
    public static ClientRules None { get; } = new();

    public Items<IPNetwork> Allow { get; init; }

    public Items<IPNetwork> Deny { get; init; }

    /// <summary>Concurrent connections (or UDP sessions) of the service. Null: bounded by descriptors only.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Concurrent connections (or UDP sessions) from one client address.</summary>
    public int? MaxConnectionsPerAddress { get; init; }

    /// <summary>New connections (or UDP sessions) a second from one client address.</summary>
    public int? RatePerAddress { get; init; }

    /// <summary>So many may come at once before the rate holds. Null: as many as in a second.</summary>
    public int? BurstPerAddress { get; init; }

    /// <summary>Addresses that agree in so many leading bits are one to the limits.</summary>
    public int MaskIpv4 { get; init; } = 32;

    /// <summary>The same for IPv6. Whoever has one address there has the 2^64 of its network.</summary>
    public int MaskIpv6 { get; init; } = 64;

    /// <summary>
    /// Addresses that are watched at most. Past it those without connections make room, the one unseen for longest first;
    /// when all have connections, new ones are refused.
    /// </summary>
    public int TableSize { get; init; } = 100_000;

    public ProxyProtocolAcceptance ProxyProtocol { get; init; }

    /// <summary>Whose PROXY headers are believed.</summary>
    public Items<IPNetwork> ProxyProtocolFrom { get; init; }

    /// <summary>How long a client may take for what must be known before a backend is chosen: a PROXY header, a TLS hello.</summary>
    public TimeSpan PrefaceTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
