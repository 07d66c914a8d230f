namespace Fulcrum.Linux.Netlink.Routes;

/// <summary>The tables that the kernel's first rules name; any other number is free.</summary>
public static class RouteTable
{
    public const uint Default = 253;
    public const uint Main = 254;
    public const uint Local = 255;
}
