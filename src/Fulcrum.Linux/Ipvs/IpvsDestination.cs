using System.Net;

namespace Fulcrum.Linux.Ipvs;

/// <summary>A server of a service.</summary>
public sealed record IpvsDestination
{
    /// <summary>Of another family than the service only in a tunnel.</summary>
    public required IPAddress Address { get; init; }

    public required ushort Port { get; init; }

    public IpvsForwarding Forwarding { get; init; }

    /// <summary>0: no new connections.</summary>
    public uint Weight { get; init; }

    /// <summary>At so many connections it gets no more; 0: never.</summary>
    public uint UpperThreshold { get; init; }

    /// <summary>Below so many it gets some again.</summary>
    public uint LowerThreshold { get; init; }

    public IpvsTunnel Tunnel { get; init; }

    public ushort TunnelPort { get; init; }

    public IpvsTunnelFlags TunnelFlags { get; init; }

    public IpvsConnections Connections { get; init; }

    public IpvsCounters Counters { get; init; }

    public override string ToString() => $"{new IPEndPoint(Address, Port)}";
}

/// <summary>How many connections a destination has; unlike the counters this is true at once.</summary>
public readonly record struct IpvsConnections(uint Active, uint Inactive, uint Persistent);
