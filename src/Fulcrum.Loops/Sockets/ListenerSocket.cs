using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Loops.Sockets;

/// <summary>
/// Opens the sockets that clients reach. Every loop has its own, bound to the same address with SO_REUSEPORT, and
/// the kernel spreads connections and flows over them. An IPv6 socket takes IPv6 only, so that 0.0.0.0 and [::] are
/// two listeners. A stream socket is bound but does not listen yet: until <see cref="SocketCalls.Listen"/> nothing
/// can be lost by closing it again.
/// </summary>
public static class ListenerSocket
{
    /// <summary>A bound socket that listens for nothing yet, or receives datagrams.</summary>
    /// <exception cref="LinuxException">What failed, with the address.</exception>
    public static int Open(in SocketAddress address, SocketKind kind, ListenOptions options) =>
        Bind(address, kind, options, isShared: true);

    /// <summary>
    /// Whether nobody else listens there. SO_REUSEPORT lets every process of one user join in, so that a second
    /// daemon by mistake would take a share of the clients without a word; a bind without it is refused.
    /// </summary>
    /// <exception cref="LinuxException">Somebody does, or the address cannot be had.</exception>
    public static void EnsureFree(in SocketAddress address, SocketKind kind, ListenOptions options) =>
        SocketCalls.Close(Bind(address, kind, options, isShared: false));

    /// <summary>
    /// Makes a socket that somebody else has opened and bound what <see cref="Open"/> makes, as far as it can be made so
    /// afterwards.
    /// </summary>
    /// <exception cref="LinuxException">It cannot be used.</exception>
    public static void Adopt(int descriptor, in SocketAddress address, SocketKind kind, ListenOptions options)
    {
        var name = $"take over {(kind == SocketKind.Stream ? "tcp" : "udp")}://{address}";
        _ = LinuxException.ThrowIfError(SocketCalls.MakeNonBlocking(descriptor), name);
        if (kind == SocketKind.Stream)
        {
            Set(descriptor, SocketOption.NoDelay, 1, name);
        }
        else
        {
            Describe(descriptor, address, options, name);
        }
    }

    private static void Describe(int descriptor, in SocketAddress address, ListenOptions options, string name)
    {
        if (options.TellsTarget)
        {
            var isSix = address.Family == SocketFamily.IPv6;
            Set(descriptor, isSix ? SocketOption.IPv6OriginalTarget : SocketOption.OriginalTarget, 1, name);
        }
        else if (address.IsWildcard)
        {
            // Answers must leave from the address that was asked.
            var isIPv6 = address.Family == SocketFamily.IPv6;
            Set(descriptor, isIPv6 ? SocketOption.IPv6PacketInfo : SocketOption.PacketInfo, 1, name);
        }
        // Kernels before 5.0 do not know it, and bring every datagram for itself.
        _ = SocketCalls.Set(descriptor, SocketOption.ReceiveTrains, 1);
        if (options.ReceiveBuffer > 0)
        {
            Set(descriptor, SocketOption.ReceiveBuffer, options.ReceiveBuffer, name);
        }
    }

    private static int Bind(in SocketAddress address, SocketKind kind, ListenOptions options, bool isShared)
    {
        var name = $"listen on {(kind == SocketKind.Stream ? "tcp" : "udp")}://{address}";
        var descriptor = LinuxException.ThrowIfError(SocketCalls.Open(address.Family, kind), name);
        try
        {
            var isIPv6 = address.Family == SocketFamily.IPv6;
            if (isShared)
            {
                Set(descriptor, SocketOption.ReusePort, 1, name);
            }
            if (kind == SocketKind.Stream)
            {
                // Connections of a former run in TIME-WAIT do not keep the port.
                Set(descriptor, SocketOption.ReuseAddress, 1, name);
                // Accepted sockets inherit it.
                Set(descriptor, SocketOption.NoDelay, 1, name);
            }
            if (isIPv6)
            {
                Set(descriptor, SocketOption.IPv6Only, 1, name);
            }
            if (options.Interface is { } device)
            {
                _ = LinuxException.ThrowIfError(SocketCalls.BindToInterface(descriptor, device), $"{name} on {device}");
            }
            if (options.FreeBind)
            {
                Set(descriptor, isIPv6 ? SocketOption.IPv6FreeBind : SocketOption.FreeBind, 1, name);
            }
            if (kind == SocketKind.Datagram)
            {
                Describe(descriptor, address, options, name);
            }
            _ = LinuxException.ThrowIfError(SocketCalls.Bind(descriptor, address), name);
            return descriptor;
        }
        catch
        {
            _ = SocketCalls.Close(descriptor);
            throw;
        }
    }

    private static void Set(int descriptor, SocketOption option, int value, string name) =>
        LinuxException.ThrowIfError(SocketCalls.Set(descriptor, option, value), name);
}
