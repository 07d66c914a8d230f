using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Each priority is judged by itself, and all together. The first that is enough serves, beside better ones that are
/// not; worse ones are held in reserve. When no priority alone is enough, all serve.
/// </summary>
internal static class Electing
{
    private static readonly Watermarks Usual = new();

    public static Election Hold(UpstreamContext context, List<Member> members, UpstreamMemory memory)
    {
        var marks = context.View.Policy.Healthy ?? Usual;
        var ready = members.Exists(member => member is { IsReady: true, CanServe: true });
        var tiers = Tier.Of(members, ready);
        var all = default(Headcount);
        foreach (var tier in tiers)
        {
            var wasEnough = memory.Sufficient.AsSpan().Contains(tier.Priority);
            tier.Verdict = Watermark.Judge(wasEnough, tier.Members, marks);
            all += tier.Members;
        }

        var verdict = Best(Watermark.Judge(memory.WasUp, all, marks), tiers);
        var fell = verdict == Verdict.Unhealthy && (memory.WasUp || memory.Fell);
        var open = verdict == Verdict.Unhealthy && marks.WhenNone == WhenNone.All && CanOpen(members);
        return new()
        {
            Verdict = open ? Verdict.Healthy : verdict,
            Reason =
                open ? new FailsOpen(null)
                : verdict != Verdict.Unhealthy ? Enough(tiers, verdict, all)
                : all.Total == 0 ? new NoMembers()
                : TooFew(all, marks, fell, CulpritOf(context.Upstream.Name, members, ready)),
            LastPriority = LastOf(tiers),
            IsAnybodyReady = ready,
            FailsOpen = open,
            WasUp = verdict == Verdict.Healthy,
            Fell = fell,
            Sufficient = SufficientOf(tiers, memory.Sufficient),
        };
    }

    private static Verdict Best(Verdict together, List<Tier> tiers)
    {
        foreach (var tier in tiers)
        {
            together = tier.Verdict == Verdict.Healthy || together == Verdict.Unhealthy ? tier.Verdict : together;
        }

        return together;
    }

    private static int LastOf(List<Tier> tiers)
    {
        foreach (var tier in tiers)
        {
            if (tier.CanServe && tier.Verdict != Verdict.Unhealthy)
            {
                return tier.Priority;
            }
        }

        return int.MaxValue;
    }

    private static Items<int> SufficientOf(List<Tier> tiers, Items<int> before)
    {
        var sufficient = new List<int>(tiers.Count);
        foreach (var tier in tiers)
        {
            if (tier.Verdict == Verdict.Healthy)
            {
                sufficient.Add(tier.Priority);
            }
        }

        Items<int> after = [.. sufficient];
        return after == before ? before : after;
    }

    private static bool CanOpen(List<Member> members) =>
        !members.Exists(member => member.IsAble) && members.Exists(member => member.CouldServe);

    private static EnoughMembers Enough(List<Tier> tiers, Verdict verdict, Headcount all)
    {
        var decisive = tiers.Count > 1 ? tiers.Find(tier => tier.Verdict == verdict) : null;
        var members = decisive?.Members ?? all;
        return new(members.Healthy, members.Unknown, members.Total, decisive?.Priority);
    }

    // It went down at the low mark and comes up at the high one: the one that it waits for is named.
    private static BelowMark TooFew(Headcount all, Watermarks marks, bool fell, Subject? culprit)
    {
        var isBelowLow = marks.KeepWhile is { } low && !Watermark.Meets(all.Able, all.Total, low);
        var isLow = isBelowLow && (fell || Watermark.Meets(all.Able, all.Total, marks.AtLeast));
        var (mark, amount) = isLow ? (Mark.KeepWhile, marks.KeepWhile!.Value) : (Mark.AtLeast, marks.AtLeast);
        return new(all.Healthy, all.Unknown, all.Total, mark, amount, culprit);
    }

    private static Subject? CulpritOf(string upstream, List<Member> members, bool isAnybodyReady)
    {
        var missing = members.Find(member => member.Counts(isAnybodyReady) && !member.IsKnownHealthy);
        return missing is null ? null : new(SubjectKind.Backend, $"{upstream}/{missing.Id}");
    }
}
