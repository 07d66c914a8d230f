using Fulcrum.Model.Stages;

namespace Fulcrum.Proxy.Stages;

/// <summary>Writes what passes, a <see cref="StageLine"/> for each piece as it was read.</summary>
internal sealed class LoggingStage(LoggerStage logger, StageContext context) : ByteStage(context)
{
    private readonly StageLine _line = new(
        logger,
        context.Log,
        context.Host.Plan.Service.Name,
        context.Host.Client,
        context.Direction
    );

    public override int Read(Span<byte> buffer)
    {
        var count = Source.Read(buffer);
        if (count > 0)
        {
            _line.Write(Context.Host.Reactor.Microseconds, buffer[..count]);
        }
        return count;
    }
}
