using System.Net;
using System.Net.NetworkInformation;

namespace Fulcrum.Linux.Netlink.Neighbors;

/// <summary>Which hardware address an address on a link has, or an address that is answered for.</summary>
public sealed record Neighbor
{
    public required int Interface { get; init; }

    public required IPAddress Address { get; init; }

    /// <summary>Null: it is not known, or is ours.</summary>
    public PhysicalAddress? HardwareAddress { get; init; }

    public NeighborState State { get; init; }

    public NeighborFlags Flags { get; init; }

    /// <summary>Who made it.</summary>
    public byte Protocol { get; init; }

    public override string ToString() => $"{Address} on interface {Interface}";
}
