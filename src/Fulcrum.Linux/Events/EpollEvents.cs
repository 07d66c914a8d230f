namespace Fulcrum.Linux.Events;

/// <summary>What epoll reports of a descriptor, or is asked to report.</summary>
[Flags]
public enum EpollEvents : uint
{
    None = 0,
    Readable = 0x001,
    Writable = 0x004,
    Error = 0x008,
    HangUp = 0x010,
    PeerClosed = 0x2000,
    EdgeTriggered = 1u << 31,
}
