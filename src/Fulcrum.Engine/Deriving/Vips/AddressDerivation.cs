using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>
/// Decides whether an address stands and who is told. It comes in this order: the plane carries the service, the
/// address stands, the network is told. It goes in reverse: the network is told, then the address lingers for those
/// who have not heard, and goes; the service, last, is decided elsewhere. Each step waits until the former is observed.
/// </summary>
/// <param name="address">To decide about.</param>
/// <param name="claims">Of the vips that have it, in the snapshot's order.</param>
/// <param name="before">What was decided last.</param>
/// <param name="observed">As it may stand; null: it does not.</param>
/// <param name="isCertain">It does: it is not just being raised or lowered.</param>
/// <param name="isAnnounced">An announcement of it is observed to be made.</param>
internal sealed class AddressDerivation(
    IPAddress address,
    IReadOnlyList<VipClaim> claims,
    DerivedAddress? before,
    RaisedAddress? observed,
    bool isCertain,
    bool isAnnounced
)
{
    private bool Stands => observed is not null && isCertain;

    /// <summary>The decision; null: there is nothing to decide.</summary>
    public DerivedAddress? Derive(DateTimeOffset now)
    {
        var decided = claims.Any(claim => claim.Wants(Stands)) ? Wanted() : Unwanted(now);
        var after = decided with
        {
            Raised = decided.Raised is null || decided.Raised != before?.Raised ? decided.Raised : before.Raised,
            DecidedBy = claims.Count == 0 ? null : claims[0].Vip.Name,
        };
        return after.IsNothing ? null
            : after == before ? before
            : after;
    }

    private DerivedAddress Wanted()
    {
        var first = claims[0];
        var raised = first.Raised(first.Vip.Addresses.First(at => at.Address.Equals(address)));
        var announced = Announcements();
        var told = isAnnounced || announced.Any(told => told.Phase == AnnouncementPhase.Announce);
        return new()
        {
            Raised = raised,
            Wanted = true,
            Announced = announced,
            Memory = Stands ? Remember(raised) with { Announced = told } : null,
        };
    }

    private DerivedAddress Unwanted(DateTimeOffset now)
    {
        var gone = new DerivedAddress { Announced = Announcements() };
        if (observed is null)
        {
            return gone;
        }

        var memory = Remember(before?.Memory?.Raised ?? observed);
        gone = gone with { Memory = memory };
        if (!isCertain)
        {
            return gone;
        }

        if (claims.Count > 0 && claims.All(claim => claim.Claim == Claim.Leave))
        {
            return gone;
        }

        if (isAnnounced)
        {
            return gone with { Raised = memory.Raised, Memory = memory with { Announced = true } };
        }

        if (before?.Memory is not { Announced: true } last)
        {
            return gone;
        }

        var since = last.LingersSince ?? now;
        var until = since + Linger(memory);
        return until <= now
            ? gone
            : gone with
            {
                Raised = memory.Raised,
                Memory = memory with { Announced = true, LingersSince = since },
                LingersUntil = until,
            };
    }

    private AddressMemory Remember(RaisedAddress raised) =>
        new() { Vip = claims.Count > 0 ? claims[0].Vip : before?.Memory?.Vip, Raised = raised };

    private TimeSpan Linger(AddressMemory memory) =>
        claims.Count > 0
            ? claims.Where(claim => claim.Claim != Claim.Leave).Max(claim => claim.Vip.Linger)
            : memory.Vip?.Linger ?? TimeSpan.Zero;

    // An announcement that selects several of the vips does what the keenest of them wants.
    private Items<AnnouncedAddress> Announcements()
    {
        var phases = new SortedDictionary<string, AnnouncedAddress>(StringComparer.Ordinal);
        foreach (var claim in claims)
        {
            foreach (var selected in claim.Announcements)
            {
                var name = selected.Announcement.Name;
                if (PhaseOf(claim, selected) is { } phase && !(phases.GetValueOrDefault(name)?.Phase >= phase))
                {
                    phases[name] = Announced(new(new(name, address), selected.Announcement.Spec, phase));
                }
            }
        }

        return Items.From(phases.Values);
    }

    private AnnouncementPhase? PhaseOf(VipClaim claim, SelectedBy selected) =>
        Stands && selected.IsActive && claim.Wants(Stands) ? AnnouncementPhase.Announce
        : Selections.Elects(selected.Announcement.Spec) && claim.IsCandidate(Stands) ? AnnouncementPhase.Stand
        : null;

    private AnnouncedAddress Announced(AnnouncedAddress wanted)
    {
        foreach (var last in before?.Announced ?? [])
        {
            if (last == wanted)
            {
                return last;
            }
        }

        return wanted;
    }
}
