using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

internal static class AnnouncementAccount
{
    public static Account? Of(DerivedState state, Subject subject)
    {
        var wanted = state
            .Desired.Announcements.Values.Where(one => one.Key.Announcement == subject.Name)
            .OrderBy(one => one.Key.Address.ToString(), StringComparer.Ordinal)
            .ToList();
        var announcement = state.Inputs.Snapshot.Announcements.Find(subject.Name);
        if (announcement is null && wanted.Count == 0)
        {
            return null;
        }

        var vips = state
            .Vips.Values.Where(vip =>
                wanted.Exists(one => VipAccount.Has(vip, one.Key.Address))
                || (announcement is not null && Selects(state, announcement.Select, vip))
            )
            .OrderBy(vip => vip.Vip.Name, StringComparer.Ordinal)
            .Select(vip => new Part(new(SubjectKind.Vip, vip.Vip.Name), vip.State != VipState.Up));
        return new()
        {
            Subject = subject,
            State =
                wanted.Exists(one => one.Phase == AnnouncementPhase.Announce) ? "announcing"
                : wanted.Count > 0 ? "standing by"
                : "silent",
            Reasons = Items.From(ReasonsOf(state, subject.Name, wanted)),
            Parts = Items.From(vips),
        };
    }

    private static IEnumerable<string> ReasonsOf(DerivedState state, string name, List<AnnouncedAddress> wanted)
    {
        if (wanted.Count == 0)
        {
            yield return "none of its vips is up here";
        }

        if (state.Inputs.Roles[name] is { } held)
        {
            yield return $"this node is {Words.Of(held.Role)} since {Words.Of(held.Since)}";
        }

        foreach (var one in wanted.Where(one => one.Phase == AnnouncementPhase.Announce))
        {
            var isTold = state.Inputs.Observed.Announcements[one.Key]?.Phase == AnnouncementPhase.Announce;
            yield return $"{one.Key.Address} {(isTold ? "is announced" : "is to be announced")}";
        }
    }

    private static bool Selects(DerivedState state, VipSelection select, DerivedVip vip) =>
        (select.Vip.IsEmpty || select.Vip.Contains(vip.Vip.Name))
        && select.Vips.Matches(vip.Vip.Labels)
        && (
            select.Services.Terms.IsEmpty
            || vip.Services.Any(name =>
                state.Services[name] is { } service && select.Services.Matches(service.Service.Labels)
            )
        );
}
