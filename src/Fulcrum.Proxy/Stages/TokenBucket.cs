using Fulcrum.Model.Stages;

namespace Fulcrum.Proxy.Stages;

/// <summary>Lets so many bytes a second pass, and a burst after a pause. Whoever has too few of them waits, or goes without.</summary>
internal struct TokenBucket
{
    private const long Second = 1_000_000;

    /// <summary>More than any machine moves; beyond it the products here would not fit.</summary>
    private const long Most = 1L << 40;

    private long _filledAt;

    /// <param name="limit">What is wanted.</param>
    /// <param name="now">The loop's time, in microseconds.</param>
    public TokenBucket(RateLimitStage limit, long now)
    {
        Rate = Math.Clamp(limit.BytesPerSecond, 1, Most);
        Burst = Math.Clamp(limit.Burst, 1, Most);
        Tokens = Burst;
        _filledAt = now;
    }

    /// <summary>Bytes a second.</summary>
    public long Rate { get; }

    /// <summary>Bytes at once after a pause.</summary>
    public long Burst { get; }

    /// <summary>Bytes that may pass now.</summary>
    public long Tokens { get; private set; }

    /// <summary>So many have passed.</summary>
    public void Take(long bytes) => Tokens -= bytes;

    /// <summary>Adds what has come to pass since.</summary>
    public void Fill(long now)
    {
        var passed = now - _filledAt;
        if (passed >= (Burst - Tokens) * Second / Rate)
        {
            (Tokens, _filledAt) = (Burst, now);
            return;
        }
        var added = passed * Rate / Second;
        Tokens += added;
        // What does not come to a whole byte yet is not lost.
        _filledAt += added * Second / Rate;
    }
}
