using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Forwarding.Traffic;

/// <summary>The least that makes filters that are there into those that are wanted.</summary>
internal sealed record FilterChange(
    IReadOnlyList<TrafficFilter> Replaced,
    IReadOnlyList<TrafficFilter> Added,
    IReadOnlyList<TrafficFilter> Deleted
)
{
    public static FilterChange Between(IEnumerable<TrafficFilter> present, IEnumerable<TrafficFilter> wanted)
    {
        var left = new Dictionary<FilterKey, TrafficFilter>();
        var surplus = new List<TrafficFilter>();
        foreach (var filter in present)
        {
            if (!left.TryAdd(new(filter), filter))
            {
                surplus.Add(filter);
            }
        }

        var replaced = new List<TrafficFilter>();
        var added = new List<TrafficFilter>();
        foreach (var filter in wanted)
        {
            if (!left.Remove(new(filter), out var old))
            {
                added.Add(filter);
            }
            else if (!old.Actions.SequenceEqual(filter.Actions))
            {
                replaced.Add(filter with { Handle = old.Handle });
            }
        }

        return new(replaced, added, [.. surplus, .. left.Values]);
    }

    /// <summary>The kernel has no two that match the same in one place.</summary>
    private readonly record struct FilterKey(
        TrafficDirection Direction,
        ushort Priority,
        ushort Protocol,
        uint Chain,
        FlowerMatch? Match
    )
    {
        public FilterKey(TrafficFilter filter)
            : this(filter.Direction, filter.Priority, filter.Protocol, filter.Chain, filter.Match) { }
    }
}
