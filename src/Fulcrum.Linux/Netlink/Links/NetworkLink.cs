using System.Net.NetworkInformation;

namespace Fulcrum.Linux.Netlink.Links;

/// <summary>A network interface.</summary>
public sealed record NetworkLink
{
    /// <summary>The kernel's number for it; of one to be made, 0: any.</summary>
    public int Index { get; init; }

    public required string Name { get; init; }

    /// <summary>Other names that it is known by, longer ones too (since Linux 5.5).</summary>
    public IReadOnlyList<string> AlternativeNames { get; init; } = [];

    /// <summary>Null: it is no device made in software.</summary>
    public LinkKind? Kind { get; init; }

    public LinkFlags Flags { get; init; }

    public bool IsUp => Flags.HasFlag(LinkFlags.Up);

    /// <summary>0 of one to be made: what is usual.</summary>
    public uint Mtu { get; init; }

    /// <summary>The link that it stands on, or the other end; 0: none.</summary>
    public int Parent { get; init; }

    /// <summary>The bridge or the like that it belongs to; 0: none.</summary>
    public int Master { get; init; }

    /// <summary>A number that its maker gave it, for whoever looks for those of a kind; 0: none.</summary>
    public uint Group { get; init; }

    /// <summary>Null of one to be made: the kernel makes one up.</summary>
    public PhysicalAddress? HardwareAddress { get; init; }

    public LinkState State { get; init; }

    public bool Equals(NetworkLink? other) =>
        other is not null
        && (Index, Name, Kind, Flags, Mtu) == (other.Index, other.Name, other.Kind, other.Flags, other.Mtu)
        && (Parent, Master, Group, State) == (other.Parent, other.Master, other.Group, other.State)
        && Equals(HardwareAddress, other.HardwareAddress)
        && AlternativeNames.SequenceEqual(other.AlternativeNames);

    public override int GetHashCode() => HashCode.Combine(Index, Name, Kind, Flags, Mtu, Parent, Master);

    public override string ToString() => Kind is null ? Name : $"{Name} ({Kind.Name})";
}
