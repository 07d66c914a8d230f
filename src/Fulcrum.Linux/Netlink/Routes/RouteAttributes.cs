namespace Fulcrum.Linux.Netlink.Routes;

/// <summary>The kernel's numbers (RTA_*) and the header (<c>struct rtmsg</c>).</summary>
internal static class RouteAttributes
{
    public const int HeaderLength = 12;

    public const ushort Destination = 1;
    public const ushort From = 2;
    public const ushort Interface = 4;
    public const ushort Gateway = 5;
    public const ushort Priority = 6;
    public const ushort PreferredSource = 7;
    public const ushort Multipath = 9;
    public const ushort Table = 15;
    public const ushort Via = 18;

    /// <summary>RT_TABLE_COMPAT: the header has no room for the table's number.</summary>
    public const byte TableElsewhere = 252;

    /// <summary>RTNH_F_ONLINK.</summary>
    public const byte OnLink = 4;

    /// <summary>RTM_F_CLONED: not a route but what was found for one destination.</summary>
    public const uint Cloned = 0x200;

    /// <summary>RTM_F_FIB_MATCH: the route of the table itself, not what came of it for one packet.</summary>
    public const uint AsWritten = 0x2000;
}
