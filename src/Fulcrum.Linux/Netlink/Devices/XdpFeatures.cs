namespace Fulcrum.Linux.Netlink.Devices;

/// <summary>What a driver does of XDP (NETDEV_XDP_ACT_*).</summary>
[Flags]
public enum XdpFeatures : ulong
{
    None = 0,

    /// <summary>It runs programs, and passes, drops and sends back by their word.</summary>
    Basic = 1,

    /// <summary>Programs may send frames out of another interface.</summary>
    Redirect = 2,

    /// <summary>Frames of other interfaces may be sent out of this one.</summary>
    Transmit = 4,
}
