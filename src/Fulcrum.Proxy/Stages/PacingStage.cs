using Fulcrum.Linux;
using Fulcrum.Model.Stages;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// Lets so many bytes a second pass, and a burst after a pause. Nothing is dropped; the sender waits, because nobody
/// reads what he sends.
/// </summary>
internal sealed class PacingStage : ByteStage
{
    private readonly long _atLeast;
    private TokenBucket _bucket;

    public PacingStage(RateLimitStage limit, StageContext context)
        : base(context)
    {
        _bucket = new(limit, context.Host.Reactor.Microseconds);
        // Worth a system call: a hundredth of a second, or all that may come at once.
        _atLeast = Math.Min(_bucket.Burst, Math.Max(1, _bucket.Rate / 100));
    }

    public override int Read(Span<byte> buffer)
    {
        _bucket.Fill(Context.Host.Reactor.Microseconds);
        if (_bucket.Tokens < _atLeast)
        {
            var wait = (_atLeast - _bucket.Tokens) * 1000 / _bucket.Rate;
            Context.Host.Reactor.SetTimer(this, Math.Max(1, wait));
            return -(int)Errno.TryAgain;
        }
        // A message passes whole, and what it is longer than the tokens is owed.
        var most = Context.Host.HasWholePieces ? buffer.Length : (int)Math.Min(buffer.Length, _bucket.Tokens);
        var count = Source.Read(buffer[..most]);
        _bucket.Take(Math.Max(0, count));
        return count;
    }

    protected override void OnTimer() => Context.Host.Wake(Context.Direction);
}
