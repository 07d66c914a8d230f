using System.Globalization;

namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>Ports from the first to the last, both included.</summary>
public readonly record struct TrafficPorts(ushort First, ushort Last)
{
    public TrafficPorts(ushort port)
        : this(port, port) { }

    public bool IsOne => First == Last;

    public override string ToString() => IsOne ? First.ToString(CultureInfo.InvariantCulture) : $"{First}-{Last}";
}
