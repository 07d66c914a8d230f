namespace Fulcrum.Model.Upstreams;

/// <summary>A connection waits its turn while all backends that could serve it have as many as they may have.</summary>
public sealed record ConnectQueue
{
    /// <summary>So many wait at most; who comes then is refused.</summary>
    public required int Size { get; init; }

    /// <summary>For so long at most.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
