using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>Which announcements select which vips. Most name theirs, so that not every pair must be looked at.</summary>
internal sealed record Selections
{
    public static Selections None { get; } = new();

    private Uses<string, Announcement> ByVip { get; init; } = Uses<string, Announcement>.None;

    /// <summary>Those that name no vip and may select any.</summary>
    private Map<string, Announcement> Broad { get; init; } = Map<string, Announcement>.Empty;

    public Selections Changed(MapChange<string, Announcement> change)
    {
        var byVip = ByVip;
        foreach (var vip in change.Before?.Select.Vip ?? [])
        {
            byVip = byVip.Without(vip, change.Before!);
        }

        foreach (var vip in change.After?.Select.Vip ?? [])
        {
            byVip = byVip.With(vip, change.After!);
        }

        var broad = change.After is { Select.Vip.IsEmpty: true } after
            ? Broad.With(change.Key, after)
            : Broad.Without(change.Key);
        return new() { ByVip = byVip, Broad = broad };
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<Announcement> Of(Vip vip, IReadOnlyList<DerivedService> services) =>
        [
            .. ByVip
                .Of(vip.Name)
                .Concat(Broad.Values)
                .Where(announcement => Selects(announcement.Select, vip, services))
                .OrderBy(announcement => announcement.Name, StringComparer.Ordinal),
        ];

    /// <summary>It waits to hear what this node is, instead of just telling the network.</summary>
    public static bool Elects(AnnouncementSpec spec) => spec is VrrpAnnouncement or NeighborAnnouncement;

    // The vip is named, or no vip is. That addresses come from pools is not known here: who asks for some gets none.
    private static bool Selects(VipSelection select, Vip vip, IReadOnlyList<DerivedService> services) =>
        select.Pool.IsEmpty
        && select.Pools.Terms.IsEmpty
        && select.Vips.Matches(vip.Labels)
        && (select.Services.Terms.IsEmpty || services.Any(on => select.Services.Matches(on.Service.Labels)));
}
