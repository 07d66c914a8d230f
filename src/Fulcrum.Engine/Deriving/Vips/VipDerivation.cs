using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>Says how a vip is, when it was decided what each of its addresses does.</summary>
internal static class VipDerivation
{
    /// <param name="claim">What the vip wants.</param>
    /// <param name="addresses">What was decided about each address.</param>
    /// <param name="observed">The addresses.</param>
    /// <param name="index">Of it the announcements that are made.</param>
    public static DerivedVip Of(
        VipClaim claim,
        Map<IPAddress, DerivedAddress> addresses,
        Sighting<IPAddress, RaisedAddress> observed,
        VipIndex index
    )
    {
        var vip = claim.Vip;
        var standing = vip.Addresses.Select(at => at.Address).Where(observed.Objects.ContainsKey).ToList();
        var given = standing.Where(address => addresses[address] is { Wanted: false }).ToList();
        var state = claim.Wants(standing.Exists(observed.IsCertain))
            ? vip.Addresses.All(at => observed.IsCertain(at.Address))
                ? VipState.Up
                : VipState.Raising
            : given.Count > 0
                ? VipState.Withdrawing
                : VipState.Down;
        return new()
        {
            Vip = vip,
            State = state,
            Role = claim.Role,
            Services = claim.Services,
            Reason = Shared(
                claim,
                addresses,
                state == VipState.Withdrawing ? Withdrawing(given, addresses, index, claim.Reason) : claim.Reason
            ),
        };
    }

    /// <summary>Of a vip that is configured no more; null: nothing of it stands.</summary>
    public static DerivedVip? OfGone(string name, Map<IPAddress, DerivedAddress> addresses, VipIndex index)
    {
        var left = index.Left.Of(name).OrderBy(address => address.ToString(), StringComparer.Ordinal).ToList();
        return left.Count == 0
            ? null
            : new()
            {
                Vip = addresses[left[0]]!.Memory!.Vip!,
                State = VipState.Withdrawing,
                Role = Role.Standby,
                Services = [],
                Reason = Withdrawing(left, addresses, index, new NotConfigured()),
            };
    }

    private static Reason Withdrawing(
        IReadOnlyList<IPAddress> given,
        Map<IPAddress, DerivedAddress> addresses,
        VipIndex index,
        Reason why
    )
    {
        // What has to go at once does not wait for these.
        var held = given.Where(address => addresses[address]?.Raised is not null).ToList();
        var announcements = held.SelectMany(index.Announced.Of)
            .Select(key => key.Announcement)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return Items.From(announcements) is { IsEmpty: false } made ? new AnnouncementsGoFirst(made, why)
            : held.Max(address => addresses[address]!.LingersUntil) is { } until ? new Lingers(until, why)
            : why;
    }

    private static Reason Shared(VipClaim claim, Map<IPAddress, DerivedAddress> addresses, Reason reason)
    {
        foreach (var at in claim.Vip.Addresses)
        {
            if (
                addresses[at.Address] is { Raised: { } raised, DecidedBy: { } first }
                && first != claim.Vip.Name
                && raised != claim.Raised(at)
            )
            {
                return new SharesAddress(at.Address, first, reason);
            }
        }

        return reason;
    }
}
