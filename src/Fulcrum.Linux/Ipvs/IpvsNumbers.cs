namespace Fulcrum.Linux.Ipvs;

/// <summary>The kernel's numbers (linux/ip_vs.h).</summary>
internal static class IpvsNumbers
{
    public const string Family = "IPVS";
    public const byte Version = 1;

    public const byte NewService = 1;
    public const byte SetService = 2;
    public const byte DeleteService = 3;
    public const byte GetService = 4;
    public const byte NewDestination = 5;
    public const byte SetDestination = 6;
    public const byte DeleteDestination = 7;
    public const byte GetDestination = 8;
    public const byte NewDaemon = 9;
    public const byte DeleteDaemon = 10;
    public const byte GetDaemon = 11;
    public const byte SetConfiguration = 12;
    public const byte GetConfiguration = 13;
    public const byte SetInformation = 14;
    public const byte GetInformation = 15;
    public const byte Zero = 16;
    public const byte Flush = 17;

    public const ushort Service = 1;
    public const ushort Destination = 2;
    public const ushort Daemon = 3;
    public const ushort TcpTimeout = 4;
    public const ushort TcpFinishedTimeout = 5;
    public const ushort UdpTimeout = 6;
}
