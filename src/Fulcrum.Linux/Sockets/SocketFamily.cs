namespace Fulcrum.Linux.Sockets;

/// <summary>Address families, with the kernel's numbers.</summary>
public enum SocketFamily : ushort
{
    None = 0,
    Unix = 1,
    IPv4 = 2,
    IPv6 = 10,
}

/// <summary>Socket types, with the kernel's numbers.</summary>
public enum SocketKind
{
    Stream = 1,
    Datagram = 2,

    /// <summary>Connections that keep the bounds of messages; of Unix sockets (unix(7)).</summary>
    SequencedPacket = 5,
}
