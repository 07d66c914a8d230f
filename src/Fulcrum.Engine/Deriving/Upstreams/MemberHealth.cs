using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>How a member is, as far as some of its checks know.</summary>
/// <param name="Score">The least part of its weight that one of them gives it; null: none knows scores.</param>
/// <param name="GoodShare">The least share of good results; null: it is not known.</param>
internal readonly record struct MemberHealth(Verdict Verdict, Reason Reason, double? Score, double? GoodShare)
{
    /// <summary>Nobody is asked.</summary>
    public static MemberHealth Declared { get; } = new(Verdict.Healthy, new DeclaredHealthy());

    public MemberHealth(Verdict verdict, Reason reason)
        : this(verdict, reason, null, null) { }

    /// <summary>
    /// One that says no is enough, and all must say yes. Of two that say the same the first is named, unless the other
    /// wants nothing new.
    /// </summary>
    public MemberHealth And(MemberHealth other)
    {
        var worse = Reason is DeclaredHealthy || other.IsWorse(this) ? other : this;
        return new(worse.Verdict, worse.Reason, Least(Score, other.Score), Least(GoodShare, other.GoodShare));
    }

    private bool IsWorse(MemberHealth other) => Badness > other.Badness;

    private int Badness =>
        Verdict switch
        {
            Verdict.Healthy => Score == 0 ? 1 : 0,
            Verdict.Unknown => 2,
            _ => 3,
        };

    private static double? Least(double? one, double? other) => one is null || other < one ? other ?? one : one;
}
