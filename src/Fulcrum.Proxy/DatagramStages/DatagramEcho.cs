namespace Fulcrum.Proxy.DatagramStages;

/// <summary>Sends every datagram back where it came from, and passes nothing on (RFC 862).</summary>
internal sealed class DatagramEcho(DatagramStageContext context) : DatagramStage(context)
{
    public override void Take(ReadOnlySpan<byte> datagram) => Context.Host.Return(Context.Direction, datagram);
}
