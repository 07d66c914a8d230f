using System.Net;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Sockets;
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

    /// <summary>A stream socket whose path is the backend's address.</summary>
    Unix,
    UnixDatagram,
    UnixSeqpacket,

    /// <summary>A named pipe whose path is the backend's address: what clients send is written there, and nothing comes back.</summary>
    Pipe,

    /// <summary>A program whose path is the backend's address, started for each session: its standard input and output.</summary>
    Exec,
}

/// <summary>How backends are connected to. A null says "as the upstream, or the built-in default, has it".</summary>
public sealed record ConnectOptions
{
    public static ConnectOptions Unset { get; } = new();

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

    public ProxyHeaderSpec? ProxyProtocol { get; init; }

    /// <summary>For <see cref="ConnectProtocol.Exec"/>: what the program is given.</summary>
    public Items<string> Arguments { get; init; }

    /// <summary>How datagrams are told apart in a byte stream, where only one of the two sides speaks datagrams.</summary>
    public Framing? Framing { get; init; }

    /// <summary>Addresses that connections come from, each in turn; of those only the backend's family counts.</summary>
    public Items<IPAddress> Source { get; init; }

    /// <summary>Ports that connections come from.</summary>
    public PortRange? SourcePorts { get; init; }

    /// <summary>Connections come from the client's own address (TPROXY).</summary>
    public bool? Transparent { get; init; }

    public SocketTuning Socket { get; init; } = SocketTuning.Unset;

    /// <summary>What packets are wrapped into when forwarding is tunnel (built in: ipip).</summary>
    public Tunnel? Tunnel { get; init; }

    /// <summary>These with what they leave open taken from farther ones.</summary>
    public ConnectOptions Over(ConnectOptions? farther) =>
        farther is null || ReferenceEquals(this, farther)
            ? this
            : new()
            {
                Protocol = Protocol ?? farther.Protocol,
                Path = Path ?? farther.Path,
                Timeout = Timeout ?? farther.Timeout,
                Retry = Retry ?? farther.Retry,
                Tls = Tls ?? farther.Tls,
                ProxyProtocol = ProxyProtocol ?? farther.ProxyProtocol,
                Arguments = Arguments.IsEmpty ? farther.Arguments : Arguments,
                Framing = Framing ?? farther.Framing,
                Source = Source.IsEmpty ? farther.Source : Source,
                SourcePorts = SourcePorts ?? farther.SourcePorts,
                Transparent = Transparent ?? farther.Transparent,
                Socket = Socket.Over(farther.Socket),
                Tunnel = Tunnel ?? farther.Tunnel,
            };
}
