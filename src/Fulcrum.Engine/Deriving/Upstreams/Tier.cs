using Fulcrum.Engine.Ports;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>The members of one priority that count.</summary>
internal sealed class Tier(int priority)
{
    public int Priority => priority;

    public Headcount Members { get; private set; }

    /// <summary>One of them would get traffic if the tier did.</summary>
    public bool CanServe { get; private set; }

    public Verdict Verdict { get; set; }

    /// <summary>The best priority first.</summary>
    public static List<Tier> Of(List<Member> members, bool isAnybodyReady)
    {
        var tiers = new List<Tier>(1);
        foreach (var member in members)
        {
            if (member.Counts(isAnybodyReady))
            {
                Of(member.Backend.Priority, tiers).Add(member);
            }
        }

        return tiers;
    }

    private static Tier Of(int priority, List<Tier> tiers)
    {
        var (from, to) = (0, tiers.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = tiers[middle].Priority < priority ? (middle + 1, to) : (from, middle);
        }

        if (from == tiers.Count || tiers[from].Priority != priority)
        {
            tiers.Insert(from, new(priority));
        }

        return tiers[from];
    }

    private void Add(Member member)
    {
        Members = Members.With(member);
        CanServe |= member.CanServe;
    }
}
