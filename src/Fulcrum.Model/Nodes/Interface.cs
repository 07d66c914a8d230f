using Fulcrum.Model.Values;

namespace Fulcrum.Model.Nodes;

/// <summary>Whom a macvlan reaches on its own interface.</summary>
public enum MacvlanKind
{
    /// <summary>The other macvlans of its interface.</summary>
    Bridge,

    /// <summary>None of them.</summary>
    Private,

    /// <summary>Those too, by way of a switch that sends back (IEEE 802.1Qbg).</summary>
    Vepa,
}

/// <summary>A network interface that Fulcrum makes, or whose addresses it keeps.</summary>
public sealed record Interface : INamed
{
    public required string Name { get; init; }

    /// <summary>802.1Q: the tag, 1..4094. Null: it is no VLAN.</summary>
    public int? Vlan { get; init; }

    /// <summary>A hardware address of its own on the interface that carries it. Null: it is no macvlan.</summary>
    public MacvlanKind? Macvlan { get; init; }

    /// <summary>The interface that carries the VLAN or macvlan.</summary>
    public string? On { get; init; }

    /// <summary>Made as a dummy: addresses can stand on it, but no link is behind it.</summary>
    public bool Dummy { get; init; }

    public Items<InterfaceAddress> Addresses { get; init; }
}
