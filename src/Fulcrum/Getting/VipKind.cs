using Fulcrum.Api.Objects;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class VipKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<VipDocument>(
            "vip",
            "vips",
            NodeJson.Lenient.VipDocument,
            vip => [vip.Name],
            new(new("NAME") { Least = 12, KeepsEnd = true }, (vip, _) => vip.Name),
            new(
                new("STATE"),
                (vip, _) => vip is { State: "down", Role: "standby" } ? Tones.Dim(vip.State) : Tones.Of(vip.State)
            ),
            new(new("ROLE"), (vip, _) => Tones.Of(vip.Role)),
            new(new("ADDRESSES") { Least = 15, Drop = 2 }, (vip, _) => string.Join(", ", vip.Addresses)),
            new(new("SERVICES") { Least = 10, Drop = 3 }, (vip, _) => string.Join(", ", vip.Services)),
            new(SharedColumns.Labels, (vip, _) => Lists.Labels(vip.Labels)),
            new(SharedColumns.Source, (vip, _) => Tones.Dim(vip.Source)),
            new(new("REASON") { Least = 24, Drop = 1 }, (vip, _) => vip.Reason)
        )
        {
            HasLabels = true,
            HasPages = true,
        };
}
