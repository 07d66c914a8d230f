using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Planning;

/// <summary>What the network is told otherwise.</summary>
internal static class AnnouncementConsequences
{
    /// <summary>In the order of names and addresses.</summary>
    public static IEnumerable<Consequence> Of(Desired before, Desired after) =>
        after
            .Announcements.ChangesSince(before.Announcements)
            .OrderBy(change => change.Key.Announcement, StringComparer.Ordinal)
            .ThenBy(change => change.Key.Address.ToString(), StringComparer.Ordinal)
            .Select(Of)
            .OfType<Consequence>();

    private static Consequence? Of(MapChange<AnnouncementKey, AnnouncedAddress> change)
    {
        var subject = new Subject(SubjectKind.Announcement, change.Key.Announcement);
        var address = change.Key.Address.ToString();
        return (IsMade(change.Before), IsMade(change.After)) switch
        {
            (true, false) => new(subject, address, Effect.Withdraws, "is withdrawn"),
            (false, true) => new(subject, address, Effect.Announces, "is announced"),
            (true, true) when change.Before!.Spec != change.After!.Spec => new(
                subject,
                address,
                Effect.Announces,
                "is announced anew, with what has changed"
            ),
            _ => null,
        };
    }

    private static bool IsMade(AnnouncedAddress? announced) => announced is { Phase: AnnouncementPhase.Announce };
}
