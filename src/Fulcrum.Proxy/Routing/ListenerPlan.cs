using Fulcrum.Engine.Admission;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Clients;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Routing;

/// <summary>
/// What one generation says about one listener, ready for use: immutable, made by the control side, read by every
/// loop. A session keeps the plan that it began with.
/// </summary>
internal sealed class ListenerPlan
{
    public required ServiceState Service { get; init; }

    /// <summary>Where its sessions may go; the first is for all that no route takes elsewhere.</summary>
    public DestinationPlan[] Destinations { get; init; } = [];

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
}
