using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Model.Nodes;
using MacvlanKind = Fulcrum.Model.Nodes.MacvlanKind;

namespace Fulcrum.Forwarding.Interfaces;

/// <summary>An interface as the kernel has it, in the words of the configuration.</summary>
internal sealed class InterfaceView(NetworkPicture picture, NetworkLink link)
{
    public NetworkLink Link => link;

    /// <summary>Addresses that we have put on it.</summary>
    public IEnumerable<InterfaceAddress> Ours =>
        picture.Others.Where(address => address.Interface == link.Index && OwnMarks.IsOfInterface(address));

    public bool HasAnyOfOurs => OwnMarks.IsOurs(link) || Ours.Any();

    /// <summary>Fulcrum makes it; else it only keeps addresses on one that is there.</summary>
    public static bool IsMade(Interface wanted) =>
        wanted.Dummy || wanted.Vlan is not null || wanted.Macvlan is not null;

    public static LinkKind KindOf(Interface wanted) =>
        wanted switch
        {
            { Vlan: { } id } => new VlanKind((ushort)id),
            { Macvlan: { } kind } => new Linux.Netlink.Links.MacvlanKind(ModeOf(kind)),
            _ => new DummyKind(),
        };

    /// <summary>What the kernel loads for it.</summary>
    public static string ModuleOf(LinkKind kind) => kind is VlanKind ? "8021q" : kind.Name;

    /// <summary>It is as it is wanted, and packets to its addresses are taken.</summary>
    public bool Is(Interface wanted) =>
        link.IsUp
        && (!IsMade(wanted) || (OwnMarks.IsOurs(link) && link.Kind == KindOf(wanted) && IsOn(wanted.On)))
        && wanted.Addresses.All(address => Find(address) is { } found && IsTaken(found))
        && !Surplus(wanted).Any();

    public InterfaceAddress? Find(Model.Values.InterfaceAddress wanted) =>
        picture.Of(wanted.Address).FirstOrDefault(at => at.Interface == link.Index && at.PrefixLength == wanted.Length);

    public IEnumerable<InterfaceAddress> Surplus(Interface wanted) =>
        Ours.Where(address => !wanted.Addresses.Contains(new(address.Address, address.PrefixLength)));

    public Interface Describe() =>
        new()
        {
            Name = link.Name,
            Vlan = link.Kind is VlanKind vlan ? vlan.Id : null,
            Macvlan = link.Kind is Linux.Netlink.Links.MacvlanKind macvlan ? KindOf(macvlan.Mode) : null,
            On = link.Kind is VlanKind or Linux.Netlink.Links.MacvlanKind ? picture.NameOf(link.Parent) : null,
            Dummy = link.Kind is DummyKind,
            Addresses = [.. Ours.Select(at => new Model.Values.InterfaceAddress(at.Address, at.PrefixLength))],
        };

    private bool IsOn(string? parent) => (parent is null ? 0 : picture.Find(parent)?.Index) == link.Parent;

    private static bool IsTaken(InterfaceAddress address) =>
        (address.Flags & (InterfaceAddressFlags.Tentative | InterfaceAddressFlags.DuplicateFound))
        == InterfaceAddressFlags.None;

    private static MacvlanMode ModeOf(MacvlanKind kind) =>
        kind switch
        {
            MacvlanKind.Private => MacvlanMode.Private,
            MacvlanKind.Vepa => MacvlanMode.Vepa,
            _ => MacvlanMode.Bridge,
        };

    private static MacvlanKind? KindOf(MacvlanMode mode) =>
        mode switch
        {
            MacvlanMode.Private => MacvlanKind.Private,
            MacvlanMode.Vepa => MacvlanKind.Vepa,
            MacvlanMode.Bridge => MacvlanKind.Bridge,
            _ => null,
        };
}
