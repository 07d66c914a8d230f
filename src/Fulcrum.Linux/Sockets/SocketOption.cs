namespace Fulcrum.Linux.Sockets;

/// <summary>A socket option: level and name as setsockopt(2) wants them.</summary>
public readonly record struct SocketOption(int Level, int Name)
{
    private const int Socket = 1;
    private const int Tcp = 6;
    private const int IPv4 = 0;
    private const int IPv6 = 41;

    public static readonly SocketOption ReuseAddress = new(Socket, 2);

    /// <summary>Its <see cref="SocketKind"/>.</summary>
    public static readonly SocketOption Type = new(Socket, 3);
    public static readonly SocketOption Error = new(Socket, 4);
    public static readonly SocketOption ReceiveBuffer = new(Socket, 8);
    public static readonly SocketOption ReusePort = new(Socket, 15);

    /// <summary>Whether it listens.</summary>
    public static readonly SocketOption AcceptsConnections = new(Socket, 30);
    public static readonly SocketOption Mark = new(Socket, 36);
    public static readonly SocketOption NoDelay = new(Tcp, 1);
    public static readonly SocketOption FreeBind = new(IPv4, 15);
    public static readonly SocketOption PacketInfo = new(IPv4, 8);
    public static readonly SocketOption IPv6FreeBind = new(IPv6, 78);
    public static readonly SocketOption IPv6Only = new(IPv6, 26);
    public static readonly SocketOption IPv6PacketInfo = new(IPv6, 49);

    internal static readonly SocketOption Linger = new(Socket, 13);
    internal static readonly SocketOption PeerCredentials = new(Socket, 17);
    internal static readonly SocketOption PeerGroups = new(Socket, 59);
}
