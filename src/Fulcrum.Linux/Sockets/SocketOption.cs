namespace Fulcrum.Linux.Sockets;

/// <summary>A socket option: level and name as setsockopt(2) wants them.</summary>
public readonly record struct SocketOption(int Level, int Name)
{
    private const int Socket = 1;
    private const int Tcp = 6;
    private const int IPv4 = 0;
    private const int IPv6 = 41;
    private const int Udp = 17;

    public static readonly SocketOption ReuseAddress = new(Socket, 2);

    /// <summary>Its <see cref="SocketKind"/>.</summary>
    public static readonly SocketOption Type = new(Socket, 3);
    public static readonly SocketOption Error = new(Socket, 4);
    public static readonly SocketOption ReceiveBuffer = new(Socket, 8);
    public static readonly SocketOption ReusePort = new(Socket, 15);

    /// <summary>Whether it listens.</summary>
    public static readonly SocketOption AcceptsConnections = new(Socket, 30);
    public static readonly SocketOption Mark = new(Socket, 36);
    public static readonly SocketOption KeepAlive = new(Socket, 9);
    public static readonly SocketOption NoDelay = new(Tcp, 1);
    public static readonly SocketOption KeepAliveIdle = new(Tcp, 4);
    public static readonly SocketOption KeepAliveInterval = new(Tcp, 5);
    public static readonly SocketOption KeepAliveProbes = new(Tcp, 6);
    public static readonly SocketOption UserTimeout = new(Tcp, 18);
    public static readonly SocketOption FastOpen = new(Tcp, 23);
    public static readonly SocketOption FastOpenConnect = new(Tcp, 30);
    public static readonly SocketOption TypeOfService = new(IPv4, 1);
    public static readonly SocketOption Transparent = new(IPv4, 19);
    public static readonly SocketOption BindWithoutPort = new(IPv4, 24);

    /// <summary>Linux 6.3 and later: the first port in the lower 16 bits, the last in the upper ones.</summary>
    public static readonly SocketOption LocalPortRange = new(IPv4, 51);
    public static readonly SocketOption FreeBind = new(IPv4, 15);
    public static readonly SocketOption PacketInfo = new(IPv4, 8);

    /// <summary>Each datagram comes with the address and port that it was sent to (ip(7), IP_RECVORIGDSTADDR).</summary>
    public static readonly SocketOption OriginalTarget = new(IPv4, 20);
    public static readonly SocketOption IPv6OriginalTarget = new(IPv6, 74);
    public static readonly SocketOption IPv6FreeBind = new(IPv6, 78);
    public static readonly SocketOption IPv6TrafficClass = new(IPv6, 67);
    public static readonly SocketOption IPv6Transparent = new(IPv6, 75);
    public static readonly SocketOption IPv6Only = new(IPv6, 26);
    public static readonly SocketOption IPv6PacketInfo = new(IPv6, 49);

    /// <summary>UDP_GRO: datagrams of one flow and size may be received together.</summary>
    public static readonly SocketOption ReceiveTrains = new(Udp, 104);

    /// <summary>UDP_SEGMENT: into datagrams of which size a train that is sent falls.</summary>
    internal static readonly SocketOption SegmentSize = new(Udp, 103);

    /// <summary>What <see cref="IPv6PacketInfo"/> asks for comes, and is told, under this name.</summary>
    internal static readonly SocketOption IPv6PacketInfoMessage = new(IPv6, 50);

    internal static readonly SocketOption Interface = new(Socket, 25);
    internal static readonly SocketOption Linger = new(Socket, 13);
    internal static readonly SocketOption PeerCredentials = new(Socket, 17);
    internal static readonly SocketOption PeerGroups = new(Socket, 59);
}
