using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Stages;

/// <summary>A session, as its stages see it.</summary>
internal interface IStageHost
{
    Reactor Reactor { get; }

    SocketAddress Client { get; }

    /// <summary>The port that the client connected to.</summary>
    ushort Port { get; }

    ListenerPlan Plan { get; }

    /// <summary>This loop's counters of the service.</summary>
    SessionCell Counters { get; }

    /// <summary>What is read has to fit into the buffer: there may be no second part of it.</summary>
    bool HasWholePieces { get; }

    /// <summary>Something may be read again of the direction.</summary>
    void Wake(StageDirection direction);

    /// <summary>Whether what has come may be sent back where it came from.</summary>
    bool CanReturn(StageDirection direction);

    /// <summary>Sends something back where it came from; only after <see cref="CanReturn"/>.</summary>
    void Return(StageDirection direction, ReadOnlySpan<byte> data);

    /// <summary>Registers a socket of a stage; 0 or a negative errno.</summary>
    int Register(int descriptor, ulong token);

    /// <summary>Ends the session at once.</summary>
    void AbortSession();
}
