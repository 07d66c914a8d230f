namespace Fulcrum.Proxy.Clients;

/// <summary>What a service knows of one source.</summary>
internal struct SourceRecord : IClientRecord
{
    /// <summary>Sessions that it has now.</summary>
    public int Active;

    /// <summary>When its next session would be neither early nor late, in nanoseconds of the loops' time.</summary>
    public long Due;

    public readonly bool IsOver(long now) => Due <= now * SourceLimits.NanosecondsPerMicrosecond;
}
