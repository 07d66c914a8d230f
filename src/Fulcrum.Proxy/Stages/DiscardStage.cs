namespace Fulcrum.Proxy.Stages;

/// <summary>Takes everything and passes nothing on but the end (RFC 863).</summary>
internal sealed class DiscardStage(StageContext context) : ByteStage(context)
{
    public override int Read(Span<byte> buffer)
    {
        for (var left = Context.Host.Reactor.Options.ReadsPerTurn; left > 0; left--)
        {
            var count = Source.Read(buffer);
            if (count <= 0)
            {
                return count;
            }
        }
        Context.Host.Wake(Context.Direction);
        return -(int)Linux.Errno.TryAgain;
    }
}
