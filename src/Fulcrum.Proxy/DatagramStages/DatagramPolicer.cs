using Fulcrum.Model.Stages;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.DatagramStages;

/// <summary>
/// Lets so many bytes a second pass, and a burst after a pause; whole datagrams that are beyond that are dropped and
/// counted (policing, RFC 2475 section 2.3.3.4). A shorter one behind a dropped one may pass.
/// </summary>
internal sealed class DatagramPolicer(RateLimitStage limit, DatagramStageContext context) : DatagramStage(context)
{
    private TokenBucket _bucket = new(limit, context.Host.Reactor.Microseconds);

    public override void Take(ReadOnlySpan<byte> datagram)
    {
        // Empty ones without end would be no bytes a second.
        var cost = Math.Max(1, datagram.Length);
        _bucket.Fill(Context.Host.Reactor.Microseconds);
        if (_bucket.Tokens < cost)
        {
            Context.Host.Counters.DroppedByRate++;
            return;
        }
        _bucket.Take(cost);
        Next.Take(datagram);
    }
}
