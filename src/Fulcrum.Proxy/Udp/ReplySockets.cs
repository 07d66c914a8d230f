using Fulcrum.Linux.Sockets;

namespace Fulcrum.Proxy.Udp;

/// <summary>
/// What a wide listener answers from: an answer must leave from the address and port that was asked, and a socket has one
/// port. So there is one for each that clients ask now; nothing comes in there, as the kernel leads all of it to the
/// listener first.
/// </summary>
internal sealed class ReplySockets(ReplyBatch pending)
{
    private readonly Dictionary<SocketAddress, (int Descriptor, int Users)> _sockets = [];

    /// <summary>One for an address and port, or a negative errno.</summary>
    public int Take(in SocketAddress local)
    {
        var found = _sockets.TryGetValue(local, out var socket);
        if (!found)
        {
            socket.Descriptor = Open(local);
        }
        if (socket.Descriptor >= 0)
        {
            _sockets[local] = (socket.Descriptor, socket.Users + 1);
        }
        return socket.Descriptor;
    }

    /// <summary>A session does not need it any more.</summary>
    public void Leave(in SocketAddress local)
    {
        var (descriptor, users) = _sockets[local];
        if (users > 1)
        {
            _sockets[local] = (descriptor, users - 1);
            return;
        }
        // Answers may wait to go by it.
        pending.Flush();
        _ = SocketCalls.Close(descriptor);
        _sockets.Remove(local);
    }

    private static int Open(in SocketAddress local)
    {
        var descriptor = SocketCalls.Open(local.Family, SocketKind.Datagram);
        if (descriptor < 0)
        {
            return descriptor;
        }
        // Other loops answer from there, too. The address may be another node's for now.
        _ = SocketCalls.Set(descriptor, SocketOption.ReusePort, 1);
        _ = SocketCalls.Set(
            descriptor,
            local.Family == SocketFamily.IPv6 ? SocketOption.IPv6FreeBind : SocketOption.FreeBind,
            1
        );
        var result = SocketCalls.Bind(descriptor, local);
        if (result < 0)
        {
            _ = SocketCalls.Close(descriptor);
            return result;
        }
        return descriptor;
    }
}
