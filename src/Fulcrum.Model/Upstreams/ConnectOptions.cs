using System.Net;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Upstreams;

public enum ConnectProtocol
{
    /// <summary>Whatever the listener speaks, below TLS: TCP for streams, UDP for datagrams.</summary>
    Same,
    Tcp,
    Udp,
    Tls,
    Http,
    Http2,
    WebSocket,
    JsonSocket,
    Unix,
}

public enum ProxyProtocolVersion
{
    Off,
    V1,
    V2,
}

public enum TunnelKind
{
    Ipip,
    Gre,
    Gue,
}

/// <summary>How backends are connected to. A null says "as the upstream, or the built-in default, has it".</summary>
public sealed record ConnectOptions
{
    public ConnectProtocol? Protocol { get; init; }

    /// <summary>For WebSocket and HTTP: the path asked for.</summary>
    public string? Path { get; init; }

    /// <summary>Connecting takes at most this long (built in: 2 s).</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>When another backend is tried (built in: once, if connecting fails).</summary>
    public Retry? Retry { get; init; }

    /// <summary>Who waits when all backends are full (built in: nobody).</summary>
    public ConnectQueue? Queue { get; init; }

    public TlsConnection? Tls { get; init; }

    public ProxyProtocolVersion? ProxyProtocol { get; init; }

    /// <summary>Addresses that connections come from.</summary>
    public Items<IPAddress> Source { get; init; }

    /// <summary>Connections come from the client's own address (TPROXY).</summary>
    public bool? Transparent { get; init; }

    /// <summary>Firewall mark on the connections.</summary>
    public uint? Mark { get; init; }

    /// <summary>Encapsulation when forwarding is tunnel (built in: ipip).</summary>
    public TunnelKind? Tunnel { get; init; }
}
