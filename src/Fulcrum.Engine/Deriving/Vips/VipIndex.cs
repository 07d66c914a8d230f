using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>Who depends on what: leads from news to the vips and addresses that it may matter to.</summary>
internal sealed record VipIndex
{
    public static VipIndex Empty { get; } = new();

    /// <summary>Vips by address.</summary>
    public Uses<IPAddress, string> Vips { get; private init; } = Uses<IPAddress, string>.None;

    /// <summary>Addresses that several vips have: these depend on the order of the vips.</summary>
    public Map<IPAddress, IPAddress> Shared { get; private init; } = Map<IPAddress, IPAddress>.Empty;

    /// <summary>Vips by the announcement that selects them here.</summary>
    public Uses<string, string> Selected { get; private init; } = Uses<string, string>.None;

    /// <summary>Addresses that still stand of vips that are gone, by the vip.</summary>
    public Uses<string, IPAddress> Left { get; private init; } = Uses<string, IPAddress>.None;

    /// <summary>Observed to be made, by address.</summary>
    public Uses<IPAddress, AnnouncementKey> Announced { get; private init; } = Uses<IPAddress, AnnouncementKey>.None;

    /// <summary>Services by the address that they listen on; those on every address under any of the family.</summary>
    private Uses<IPAddress, string> Listening { get; init; } = Uses<IPAddress, string>.None;

    /// <summary>Services that may be on the address.</summary>
    public IEnumerable<string> ServicesNear(IPAddress address) =>
        Listening.Of(address).Concat(Listening.Of(AnyOf(address.AddressFamily)));

    /// <summary>Vips that the service may be on.</summary>
    public IEnumerable<string> VipsNear(Service service) => KeysOf(service).SelectMany(AddressesAt).SelectMany(Vips.Of);

    public VipIndex With(MapChange<string, Vip> change)
    {
        var before = change.Before?.Addresses ?? [];
        var after = change.After?.Addresses ?? [];
        var vips = Vips.Moved(change.Key, before.Select(at => at.Address), after.Select(at => at.Address));
        var shared = Shared;
        foreach (var address in before.Concat(after).Select(at => at.Address))
        {
            shared = vips.Of(address).Skip(1).Any() ? shared.With(address, address) : shared.Without(address);
        }

        return this with
        {
            Vips = vips,
            Shared = shared,
        };
    }

    public VipIndex With(string service, Service? before, Service? after) =>
        this with
        {
            Listening = Listening.Moved(service, KeysOf(before), KeysOf(after)),
        };

    public VipIndex With(string vip, VipClaim? before, VipClaim? after) =>
        this with
        {
            Selected = Selected.Moved(vip, NamesOf(before), NamesOf(after)),
        };

    public VipIndex With(MapChange<AnnouncementKey, AnnouncedAddress> observed) =>
        this with
        {
            Announced = observed.After is { Phase: AnnouncementPhase.Announce }
                ? Announced.With(observed.Key.Address, observed.Key)
                : Announced.Without(observed.Key.Address, observed.Key),
        };

    public VipIndex With(IPAddress address, DerivedAddress? before, DerivedAddress? after) =>
        this with
        {
            Left = Left.Moved(address, Leaves(before), Leaves(after)),
        };

    /// <summary>The vip that the address is left of; at most one.</summary>
    private static IEnumerable<string> Leaves(DerivedAddress? address) =>
        address is { DecidedBy: null, Memory.Vip.Name: { } vip } ? [vip] : [];

    private static IEnumerable<string> NamesOf(VipClaim? claim) =>
        claim is null ? [] : claim.Announcements.Select(selected => selected.Announcement.Name);

    private static IEnumerable<IPAddress> KeysOf(Service? service) =>
        (service?.Listeners ?? []).SelectMany(listener =>
            listener.Address is { } address ? [address] : new[] { IPAddress.Any, IPAddress.IPv6Any }
        );

    private IEnumerable<IPAddress> AddressesAt(IPAddress key) =>
        key.Equals(AnyOf(key.AddressFamily))
            ? Vips.Keys.Where(address => address.AddressFamily == key.AddressFamily)
            : [key];

    private static IPAddress AnyOf(AddressFamily family) =>
        family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
}
