using Fulcrum.Balancing;
using Fulcrum.Engine.Admission;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Routing;

/// <summary>
/// What one generation says about one listener, ready for use: immutable, made by the control side, read by every
/// loop. A session keeps the plan that it began with.
/// </summary>
internal sealed class ListenerPlan
{
    /// <summary>The kernel retransmits a SYN for minutes; more attempts than this help nobody.</summary>
    public const int MaxAttempts = 8;

    /// <summary>More datagrams than any session lives to see.</summary>
    public const long Unlimited = long.MaxValue;

    public required ServiceState Service { get; init; }

    public required Balancer Balancer { get; init; }

    /// <summary>The backends that may be chosen, in the balancer's order.</summary>
    public required ServiceBackend[] Candidates { get; init; }

    public required AccessRules Access { get; init; }

    public required HashKey Hash { get; init; }

    public required int MaxConnections { get; init; }

    /// <summary>How many backends are tried until one takes a connection.</summary>
    public required int Attempts { get; init; }

    /// <summary>Failures of a backend in a row that are to be told; 0 means none.</summary>
    public required int EjectAfter { get; init; }

    /// <summary>Milliseconds.</summary>
    public required long ConnectTimeout { get; init; }

    /// <summary>Milliseconds; 0 means never.</summary>
    public required long IdleTimeout { get; init; }

    /// <summary>The listener as it is written, for people.</summary>
    public required string Listener { get; init; }

    /// <summary>Who is told of sessions that have ended; null: nobody.</summary>
    public required AccessLog? Log { get; init; }

    /// <summary>UDP: concurrent sessions of the listener on all loops.</summary>
    public required int MaxUdpSessions { get; init; }

    /// <summary>UDP: datagrams from the client that a session takes, at least one.</summary>
    public long UdpRequests { get; init; } = Unlimited;

    /// <summary>UDP: datagrams for the client that a session takes; 0: nobody wants answers.</summary>
    public long UdpResponses { get; init; } = Unlimited;

    /// <summary>UDP: the one client that is served, from any of its ports when the port is 0; default: everybody.</summary>
    public SocketAddress Peer { get; init; }

    /// <summary>Whether the client may come in.</summary>
    public bool Admits(in SocketAddress client) =>
        Access.Admits(client) && (Peer == default || Peer == (Peer.Port == 0 ? client.WithPort(0) : client));
}
