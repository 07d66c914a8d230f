using Fulcrum.Api.Objects;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class AnnouncementKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<AnnouncementDocument>(
            "announcement",
            "announcements",
            NodeJson.Lenient.AnnouncementDocument,
            announcement => [announcement.Name],
            new(new("NAME") { Least = 12, KeepsEnd = true }, (announcement, _) => announcement.Name),
            new(new("KIND"), (announcement, _) => announcement.Kind),
            new(
                new("ADDRESSES") { Least = 15, Drop = 2 },
                (announcement, _) =>
                    announcement.Addresses.Count == 0 ? Tones.Dim("nothing") : string.Join(", ", announcement.Addresses)
            ),
            new(SharedColumns.Source, (announcement, _) => Tones.Dim(announcement.Source)),
            new(
                new("TROUBLE")
                {
                    Least = 24,
                    Drop = 1,
                    Optional = true,
                },
                (announcement, _) => new(announcement.Trouble ?? "", Tone.Bad)
            )
        )
        {
            HasLabels = true,
            HasPages = true,
        };
}
