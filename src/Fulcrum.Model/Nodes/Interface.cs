using Fulcrum.Model.Values;

namespace Fulcrum.Model.Nodes;

/// <summary>A network interface that Fulcrum makes, or whose addresses it keeps.</summary>
public sealed record Interface : INamed
{
    public required string Name { get; init; }

    /// <summary>802.1Q: the tag, 1..4094. Null: the interface exists already.</summary>
    public int? Vlan { get; init; }

    /// <summary>The interface that carries the VLAN.</summary>
    public string? On { get; init; }

    /// <summary>Made as a dummy: addresses can stand on it, but no link is behind it.</summary>
    public bool Dummy { get; init; }

    public Items<InterfaceAddress> Addresses { get; init; }
}
