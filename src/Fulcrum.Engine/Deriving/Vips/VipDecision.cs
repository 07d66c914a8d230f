using System.Net;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>
/// Carries one decision through its three levels: what each vip wants, what becomes of each address, and how each vip
/// is after that. What comes out as it was is the same object, and nothing that builds on it is looked at.
/// </summary>
internal sealed class VipDecision(VipSection section, EngineInputs inputs, Map<string, DerivedService> services)
{
    private VipSection _section = section;
    private Dictionary<string, int>? _order;

    public VipSection Decide(HashSet<string> vips, HashSet<IPAddress> addresses, DateTimeOffset now)
    {
        foreach (var name in vips)
        {
            DecideClaim(name, addresses);
        }

        foreach (var address in addresses)
        {
            DecideAddress(address, vips, now);
        }

        foreach (var name in vips)
        {
            DecideVip(name);
        }

        return _section;
    }

    private void DecideClaim(string name, HashSet<IPAddress> addresses)
    {
        var before = _section.Claims[name];
        var after = inputs.Snapshot.Vips.Find(name) is { } vip ? ClaimOf(vip) : null;
        if (after == before)
        {
            return;
        }

        _section = _section with
        {
            Claims = after is null ? _section.Claims.Without(name) : _section.Claims.With(name, after),
            Index =
                after?.Announcements == before?.Announcements
                    ? _section.Index
                    : _section.Index.With(name, before, after),
        };
        addresses.UnionWith((before?.Vip.Addresses ?? []).Concat(after?.Vip.Addresses ?? []).Select(at => at.Address));
    }

    private VipClaim ClaimOf(Vip vip)
    {
        var on = ServicesOn(vip);
        return VipClaims.Of(inputs, vip, on, _section.Selections.Of(vip, on), _section.Node!);
    }

    // By name. One that is configured no more is not on the vip, even while its plane still carries it: it goes because
    // it is not wanted, and must not take the others' vip with it.
    private List<DerivedService> ServicesOn(Vip vip) =>
        [
            .. vip
                .Addresses.SelectMany(at =>
                    _section
                        .Index.ServicesNear(at.Address)
                        .Select(name => services[name]!)
                        .Where(service => Withdrawal.IsOn(service.Service, at.Address))
                )
                .Where(service => service is not { Leaving: true, Reason: NotConfigured })
                .DistinctBy(service => service.Service.Name, StringComparer.Ordinal)
                .OrderBy(service => service.Service.Name, StringComparer.Ordinal),
        ];

    private void DecideAddress(IPAddress address, HashSet<string> vips, DateTimeOffset now)
    {
        var before = _section.Decided[address];
        var observed = inputs.Observed.Addresses[address];
        var isCertain = inputs.Observed.OfAddresses.IsCertain(address);
        var isAnnounced = _section.Index.Announced.Any(address);
        var claims = ClaimsOn(address);
        var after = new AddressDerivation(address, claims, before, observed, isCertain, isAnnounced).Derive(now);
        vips.UnionWith(claims.Select(claim => claim.Vip.Name));
        foreach (var last in new[] { before, after })
        {
            if (last?.Memory?.Vip is { } vip)
            {
                vips.Add(vip.Name);
            }
        }

        if (ReferenceEquals(after, before))
        {
            return;
        }

        _section = _section with
        {
            Decided = after is null ? _section.Decided.Without(address) : _section.Decided.With(address, after),
            Addresses = after?.Raised is { } raised
                ? _section.Addresses.With(address, raised)
                : _section.Addresses.Without(address),
            Lingering = _section.Lingering.With(address, after?.LingersUntil),
            Index = _section.Index.With(address, before, after),
        };
        Announce(before, after);
    }

    private void Announce(DerivedAddress? before, DerivedAddress? after)
    {
        var announcements = _section.Announcements;
        foreach (var next in after?.Announced ?? [])
        {
            announcements = announcements.With(next.Key, next);
        }

        foreach (var last in before?.Announced ?? [])
        {
            announcements =
                after?.Announced.Any(next => next.Key == last.Key) == true
                    ? announcements
                    : announcements.Without(last.Key);
        }

        _section = _section with { Announcements = announcements };
    }

    private List<VipClaim> ClaimsOn(IPAddress address)
    {
        var claims = _section.Index.Vips.Of(address).Select(name => _section.Claims[name]!).ToList();
        return claims.Count < 2 ? claims : [.. claims.OrderBy(claim => OrderOf(claim.Vip.Name))];
    }

    // Vips that share an address are few: the order is looked up only for them.
    private int OrderOf(string vip)
    {
        if (_order is null)
        {
            _order = new(StringComparer.Ordinal);
            foreach (var each in inputs.Snapshot.Vips)
            {
                _order.TryAdd(each.Name, _order.Count);
            }
        }

        return _order[vip];
    }

    private void DecideVip(string name)
    {
        var before = _section.Vips[name];
        var after = _section.Claims[name] is { } claim
            ? VipDerivation.Of(claim, _section.Decided, inputs.Observed.OfAddresses, _section.Index)
            : VipDerivation.OfGone(name, _section.Decided, _section.Index);
        if (after != before)
        {
            _section = _section with
            {
                Vips = after is null ? _section.Vips.Without(name) : _section.Vips.With(name, after),
            };
        }
    }
}
