namespace Fulcrum.Loops.Sockets;

/// <summary>How a listening socket is opened.</summary>
public sealed record ListenOptions
{
    /// <summary>How many connections may wait to be accepted; the kernel's <c>net.core.somaxconn</c> caps it.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>Bind an address that this machine does not have yet (IP_FREEBIND): a vip of a standby.</summary>
    public bool FreeBind { get; init; }

    /// <summary>The network interface that everything comes in by, and goes out by; null: any.</summary>
    public string? Interface { get; init; }

    /// <summary>Datagrams tell the address and port that they were sent to, which may be any.</summary>
    public bool TellsTarget { get; init; }

    /// <summary>Bytes of the receive buffer of a datagram socket; 0 leaves the kernel's choice.</summary>
    public int ReceiveBuffer { get; init; }
}
