using Fulcrum.Linux.Sockets;

namespace Fulcrum.Proxy.Udp;

/// <summary>What makes datagrams belong together: who sent them, and which of our addresses they were sent to.</summary>
internal readonly record struct FlowKey(SocketAddress Client, SocketAddress Local);
