namespace Fulcrum.Linux.Ipvs;

/// <summary>How a service treats connections (IP_VS_SVC_F_*). The scheduler's own flags share three numbers.</summary>
[Flags]
public enum IpvsServiceFlags : uint
{
    None = 0,

    /// <summary>A client stays with its destination.</summary>
    Persistent = 0x01,

    /// <summary>Each datagram is scheduled anew.</summary>
    OnePacket = 0x04,

    /// <summary>sh, mh: another destination takes over where the chosen one has no weight.</summary>
    Fallback = 0x08,

    /// <summary>sh, mh: the client's port counts, too.</summary>
    Port = 0x10,
}
