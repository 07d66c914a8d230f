using Fulcrum.Linux.Sockets;

namespace Fulcrum.Engine.Ports;

/// <summary>The two ways of a session of datagrams.</summary>
/// <param name="Client">Who asks.</param>
/// <param name="Listener">The address that it asks.</param>
/// <param name="Own">The socket's address that the backend is asked from.</param>
/// <param name="Backend">Who answers.</param>
public readonly record struct DatagramPaths(
    SocketAddress Client,
    SocketAddress Listener,
    SocketAddress Own,
    SocketAddress Backend
);
