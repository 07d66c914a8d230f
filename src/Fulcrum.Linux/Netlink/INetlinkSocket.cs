namespace Fulcrum.Linux.Netlink;

/// <summary>Carries datagrams between us and the kernel; a test puts a kernel of its own behind it.</summary>
public interface INetlinkSocket : IDisposable
{
    /// <summary>Gives the kernel requests. It carries them out within the call.</summary>
    /// <exception cref="LinuxException"/>
    void Send(ReadOnlySpan<byte> requests);

    /// <summary>
    /// The next datagram, whole; it may be read until the next call. Null: the kernel had no room for some and threw
    /// them away (ENOBUFS).
    /// </summary>
    /// <exception cref="LinuxException"/>
    ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellation);
}

/// <summary>Opens a socket that has joined <paramref name="groups"/>: now, and where the caller wants it to be.</summary>
public delegate INetlinkSocket NetlinkOpening(NetlinkProtocol protocol, params ReadOnlySpan<uint> groups);
