using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.DatagramStages;

/// <summary>A session of datagrams, as its stages see it.</summary>
internal interface IDatagramHost
{
    Reactor Reactor { get; }

    SocketAddress Client { get; }

    /// <summary>The port that the client sends to.</summary>
    ushort Port { get; }

    ListenerPlan Plan { get; }

    /// <summary>This loop's counters of the service.</summary>
    SessionCell Counters { get; }

    /// <summary>Sends a datagram back where those of this direction come from.</summary>
    void Return(StageDirection direction, ReadOnlySpan<byte> datagram);

    /// <summary>Registers a socket of a stage, that hears and never waits to send; 0 or a negative errno.</summary>
    int Register(int descriptor, ulong token);

    /// <summary>Ends the session at once; not while a datagram passes.</summary>
    void AbortSession();
}
