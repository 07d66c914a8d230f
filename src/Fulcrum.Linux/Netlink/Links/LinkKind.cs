namespace Fulcrum.Linux.Netlink.Links;

/// <summary>What sort of device made in software a link is, with what its sort has of its own.</summary>
/// <param name="Name">As the kernel calls it.</param>
public abstract record LinkKind(string Name);

/// <summary>Swallows all that is sent; a place for addresses.</summary>
public sealed record DummyKind() : LinkKind("dummy");

/// <summary>A bridge: an Ethernet switch, whose ports have it as their master.</summary>
public sealed record BridgeKind() : LinkKind("bridge");

/// <summary>One of two that are the ends of one cable.</summary>
/// <param name="Peer">The other's name, to make it; the kernel does not tell it.</param>
public sealed record VethKind(string? Peer = null) : LinkKind("veth");

/// <summary>The frames of its parent that have a VLAN tag (IEEE 802.1Q).</summary>
/// <param name="IsService">The tag is a service provider's (802.1ad).</param>
public sealed record VlanKind(ushort Id, bool IsService = false) : LinkKind("vlan");

/// <summary>Another hardware address on its parent.</summary>
public sealed record MacvlanKind(MacvlanMode Mode) : LinkKind("macvlan");

/// <summary>A sort that nothing more is known of, or needed to make it.</summary>
public sealed record OtherKind(string Name) : LinkKind(Name);

/// <summary>Whom links of one parent can reach (MACVLAN_MODE_*).</summary>
public enum MacvlanMode : uint
{
    Private = 1,
    Vepa = 2,
    Bridge = 4,
    PassThrough = 8,
    Source = 16,
}
