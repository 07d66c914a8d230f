using Fulcrum.Linux;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// Sends everything back where it came from, and passes nothing on but the end (RFC 862). What comes after the other side
/// has ended is taken and dropped: the sender was told that end, and nothing can follow it.
/// </summary>
internal sealed class EchoStage(StageContext context) : ByteStage(context)
{
    public override int Read(Span<byte> buffer)
    {
        for (var left = Context.Host.Reactor.Options.ReadsPerTurn; left > 0; left--)
        {
            if (!Context.Host.CanReturn(Context.Direction))
            {
                // The session looks again when it can.
                return -(int)Errno.TryAgain;
            }
            var count = Source.Read(buffer);
            if (count <= 0)
            {
                return count;
            }
            Context.Host.Return(Context.Direction, buffer[..count]);
        }
        Context.Host.Wake(Context.Direction);
        return -(int)Errno.TryAgain;
    }
}
