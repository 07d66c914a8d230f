using Fulcrum.Model.Stages;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.DatagramStages;

/// <summary>Writes what passes, a <see cref="StageLine"/> for each datagram.</summary>
internal sealed class DatagramLogger(LoggerStage logger, DatagramStageContext context) : DatagramStage(context)
{
    private readonly StageLine _line = new(
        logger,
        context.Log,
        context.Host.Plan.Service.Name,
        context.Host.Client,
        context.Direction
    );

    public override void Take(ReadOnlySpan<byte> datagram)
    {
        _line.Write(Context.Host.Reactor.Microseconds, datagram);
        Next.Take(datagram);
    }
}
