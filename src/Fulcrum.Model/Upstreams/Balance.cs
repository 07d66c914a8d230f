namespace Fulcrum.Model.Upstreams;

/// <summary>What of the client a hashing algorithm looks at.</summary>
public enum HashKey
{
    SourceAddress,
    SourceAddressAndPort,

    /// <summary>A field of the session's metadata, named by <see cref="Balance.HashField"/>.</summary>
    Field,
}

public sealed record Balance
{
    public static Balance Default { get; } = new();

    public BalanceAlgorithm Algorithm { get; init; } = BalanceAlgorithm.WeightedRoundRobin;

    public HashKey Hash { get; init; } = HashKey.SourceAddress;

    /// <summary>For <see cref="HashKey.Field"/>: <c>http.headers.x-session</c>.</summary>
    public string? HashField { get; init; }
}
