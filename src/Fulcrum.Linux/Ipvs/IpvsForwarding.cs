namespace Fulcrum.Linux.Ipvs;

/// <summary>How a packet gets to a destination (IP_VS_CONN_F_*).</summary>
public enum IpvsForwarding : uint
{
    /// <summary>With addresses rewritten, there and back.</summary>
    Masquerade = 0,
    Local = 1,

    /// <summary>Inside of another packet.</summary>
    Tunnel = 2,

    /// <summary>Unchanged, by its hardware address.</summary>
    DirectRoute = 3,
    Bypass = 4,
}

/// <summary>What a tunnelled packet is wrapped into (IP_VS_CONN_F_TUNNEL_TYPE_*).</summary>
public enum IpvsTunnel : byte
{
    IpInIp = 0,

    /// <summary>Generic UDP encapsulation, to the tunnel's port.</summary>
    Gue = 1,
    Gre = 2,
}

/// <summary>What a tunnel's header has beyond the least (IP_VS_TUNNEL_ENCAP_FLAG_*).</summary>
[Flags]
public enum IpvsTunnelFlags : ushort
{
    None = 0,
    Checksum = 1,
    RemoteChecksum = 2,
}
