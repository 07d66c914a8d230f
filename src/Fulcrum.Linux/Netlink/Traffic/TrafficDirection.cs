namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>Which packets of an interface.</summary>
public enum TrafficDirection
{
    /// <summary>That come in: before routing, connection tracking and IPVS see them.</summary>
    Ingress,

    /// <summary>That go out: after all of them.</summary>
    Egress,
}
