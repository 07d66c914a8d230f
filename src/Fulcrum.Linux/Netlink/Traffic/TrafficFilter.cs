namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>A filter: which packets of an interface, and what is done with them (tc(8)).</summary>
public sealed record TrafficFilter
{
    /// <summary>With <see cref="Match"/> and <see cref="Actions"/>. Of kinds that are not here only the name is known.</summary>
    public const string Flower = "flower";

    /// <summary>With <see cref="Program"/>.</summary>
    public const string Bpf = "bpf";

    /// <summary>Ethernet's number of all protocols.</summary>
    public const ushort All = 0x0003;

    /// <summary>Ethernet's number of IPv4.</summary>
    public const ushort IPv4 = 0x0800;

    /// <summary>Ethernet's number of IPv6.</summary>
    public const ushort IPv6 = 0x86dd;

    public required int Interface { get; init; }

    public required TrafficDirection Direction { get; init; }

    /// <summary>The smallest is asked first. All of one priority are of one kind and one protocol.</summary>
    public required ushort Priority { get; init; }

    /// <summary>Ethernet's number of the protocol.</summary>
    public required ushort Protocol { get; init; }

    /// <summary>
    /// Its number among those of its priority; of one to be made, 0: any. The kernel also lists the priority itself,
    /// with 0 and without anything else.
    /// </summary>
    public uint Handle { get; init; }

    /// <summary>0 is where packets begin; another they only reach if an action sends them there.</summary>
    public uint Chain { get; init; }

    public string Kind { get; init; } = Flower;

    /// <summary>Null: nothing is known of it.</summary>
    public FlowerMatch? Match { get; init; }

    public IReadOnlyList<TrafficAction> Actions { get; init; } = [];

    /// <summary>Null: it is of another kind, or one that only matches.</summary>
    public FilterProgram? Program { get; init; }

    public bool Equals(TrafficFilter? other) =>
        other is not null
        && (Interface, Direction, Priority, Protocol)
            == (other.Interface, other.Direction, other.Priority, other.Protocol)
        && (Handle, Chain, Kind, Match, Program) == (other.Handle, other.Chain, other.Kind, other.Match, other.Program)
        && Actions.SequenceEqual(other.Actions);

    public override int GetHashCode() =>
        HashCode.Combine(Interface, Direction, Priority, Protocol, Handle, Chain, Kind, Match);

    public override string ToString() =>
        $"{Kind} {Priority} at {(Direction == TrafficDirection.Ingress ? "ingress" : "egress")} of interface {Interface}";
}
