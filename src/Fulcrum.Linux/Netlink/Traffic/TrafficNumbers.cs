namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>The kernel's numbers (TCA_*, linux/pkt_cls.h) and the header (<c>struct tcmsg</c>).</summary>
internal static class TrafficNumbers
{
    public const int HeaderLength = 20;

    /// <summary>RTNLGRP_TC: told of disciplines, filters and actions alike.</summary>
    public const uint Group = 4;

    public const ushort Kind = 1;
    public const ushort Options = 2;
    public const ushort Chain = 11;

    /// <summary>Where clsact stands, and the two places that it has for filters (TC_H_CLSACT).</summary>
    public const uint Clsact = 0xffff_fff1;
    public const uint Ingress = 0xffff_fff2;
    public const uint Egress = 0xffff_fff3;
    public const uint ClsactHandle = 0xffff_0000;

    /// <summary>The structure that each action begins with (<c>tc_gen</c>): 20 bytes, the verdict among them.</summary>
    public const int ActionLength = 20;
    public const int VerdictOffset = 8;
}
