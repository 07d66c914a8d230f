using Fulcrum.Linux;
using Fulcrum.Model.Stages;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// Lets so many bytes a second pass, and a burst after a pause: a token bucket. Nothing is dropped; the sender waits,
/// because nobody reads what he sends.
/// </summary>
internal sealed class PacingStage : ByteStage
{
    private const long Second = 1_000_000;

    /// <summary>More than any machine moves; beyond it the products here would not fit.</summary>
    private const long Most = 1L << 40;

    private readonly long _rate;
    private readonly long _burst;
    private readonly long _atLeast;
    private long _tokens;
    private long _filledAt;

    public PacingStage(RateLimitStage limit, StageContext context)
        : base(context)
    {
        _rate = Math.Clamp(limit.BytesPerSecond, 1, Most);
        _burst = Math.Clamp(limit.Burst, 1, Most);
        // Worth a system call: a hundredth of a second, or all that may come at once.
        _atLeast = Math.Min(_burst, Math.Max(1, _rate / 100));
        _tokens = _burst;
        _filledAt = context.Host.Reactor.Microseconds;
    }

    public override int Read(Span<byte> buffer)
    {
        Fill();
        if (_tokens < _atLeast)
        {
            var wait = (_atLeast - _tokens) * 1000 / _rate;
            Context.Host.Reactor.SetTimer(this, Math.Max(1, wait));
            return -(int)Errno.TryAgain;
        }
        // A message passes whole, and what it is longer than the tokens is owed.
        var most = Context.Host.HasWholePieces ? buffer.Length : (int)Math.Min(buffer.Length, _tokens);
        var count = Source.Read(buffer[..most]);
        _tokens -= Math.Max(0, count);
        return count;
    }

    protected override void OnTimer() => Context.Host.Wake(Context.Direction);

    private void Fill()
    {
        var passed = Context.Host.Reactor.Microseconds - _filledAt;
        if (passed >= (_burst - _tokens) * Second / _rate)
        {
            (_tokens, _filledAt) = (_burst, _filledAt + passed);
            return;
        }
        var added = passed * _rate / Second;
        _tokens += added;
        // What does not come to a whole byte yet is not lost.
        _filledAt += added * Second / _rate;
    }
}
