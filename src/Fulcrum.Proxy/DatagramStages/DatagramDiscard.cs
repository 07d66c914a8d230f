namespace Fulcrum.Proxy.DatagramStages;

/// <summary>Takes every datagram and passes nothing on (RFC 863).</summary>
internal sealed class DatagramDiscard(DatagramStageContext context) : DatagramStage(context)
{
    public override void Take(ReadOnlySpan<byte> datagram) { }
}
