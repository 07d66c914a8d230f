namespace Fulcrum.Proxy.DatagramStages;

/// <summary>Where a datagram goes on: to a stage, or out of the session.</summary>
internal interface IDatagramSink
{
    /// <summary>Takes one. Its bytes are somebody else's again when this returns.</summary>
    void Take(ReadOnlySpan<byte> datagram);
}
