using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Routing;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Clients;
using Fulcrum.Proxy.Securing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Routing;

/// <summary>
/// What one generation says about one listener, ready for use: immutable, made by the control side, read by every
/// loop. A session keeps the plan that it began with.
/// </summary>
internal sealed class ListenerPlan
{
    /// <summary>More datagrams than any session lives to see.</summary>
    public const long Unlimited = long.MaxValue;

    public required ServiceState Service { get; init; }

    /// <summary>What its sockets are told.</summary>
    public TuningPlan Tuning { get; init; } = TuningPlan.Plain;

    /// <summary>Connections that were meant for any address come in; where to is told by the connection.</summary>
    public bool IsTransparent { get; init; }

    /// <summary>It has many addresses or ports, and clients tell which they mean; null: it has one.</summary>
    public Reach? Reach { get; init; }

    /// <summary>Its connections carry messages.</summary>
    public bool KeepsMessages { get; init; }

    /// <summary>Where its sessions may go.</summary>
    public DestinationPlan[] Destinations { get; init; } = [];

    /// <summary>Programs are started for some of them, which may have something to say.</summary>
    public bool HasPrograms =>
        Destinations.Any(one => one.Connects.Any(connect => connect.Means == ConnectMeans.Program));

    /// <summary>Which of them goes where; null: all go to the first.</summary>
    public RouteTable? Routes { get; init; }

    /// <summary>What clients are shown, where TLS ends here; null: it does not.</summary>
    public ListenerTls? Tls { get; init; }

    /// <summary>What is read before a backend is chosen; null: nothing.</summary>
    public PrefacePlan? Preface { get; init; }

    /// <summary>Somebody asks for what is known of a session.</summary>
    public bool NeedsMetadata { get; init; }

    public AccessRules Access { get; init; } = AccessRules.Everybody;

    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>How much one source may have; null: all of it.</summary>
    public SourceLimits? Sources { get; init; }

    /// <summary>Milliseconds; 0 means never.</summary>
    public long IdleTimeout { get; init; }

    /// <summary>The listener as it is written, for people.</summary>
    public required string Listener { get; init; }

    /// <summary>Who is told of sessions that have ended; null: nobody.</summary>
    public AccessLog? Log { get; init; }

    /// <summary>UDP: concurrent sessions of the listener on all loops.</summary>
    public int MaxUdpSessions { get; init; } = int.MaxValue;

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
