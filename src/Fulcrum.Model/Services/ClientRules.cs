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

    /// <summary>Concurrent connections from one client address.</summary>
    public int? MaxConnectionsPerAddress { get; init; }

    /// <summary>New connections a second from one client address.</summary>
    public int? RatePerAddress { get; init; }

    public ProxyProtocolAcceptance ProxyProtocol { get; init; }

    /// <summary>Whose PROXY headers are believed.</summary>
    public Items<IPNetwork> ProxyProtocolFrom { get; init; }

    /// <summary>How long a client may take for what must be known before a backend is chosen: a PROXY header, a TLS hello.</summary>
    public TimeSpan PrefaceTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
