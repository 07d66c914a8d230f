namespace Fulcrum.Linux.Netlink.Routes;

/// <summary>Who made a route, a rule or a neighbor (RTPROT_*): from 5 on the kernel only keeps the number.</summary>
public static class RouteProtocol
{
    public const byte Redirect = 1;
    public const byte Kernel = 2;
    public const byte Boot = 3;

    /// <summary>An administrator.</summary>
    public const byte Static = 4;
}
