namespace Fulcrum.Model.Upstreams;

/// <summary>A client comes back to the backend it had.</summary>
public sealed record Persistence
{
    /// <summary>How long after its last connection a client is remembered.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Clients whose addresses agree in so many leading bits count as one.</summary>
    public int MaskIpv4 { get; init; } = 32;

    public int MaskIpv6 { get; init; } = 128;

    /// <summary>Remembered clients at most; past it the one unseen for longest is forgotten.</summary>
    public int TableSize { get; init; } = 100_000;
}
