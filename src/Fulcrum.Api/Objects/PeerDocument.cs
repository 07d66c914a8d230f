namespace Fulcrum.Api.Objects;

/// <summary>The other end of a routing conversation.</summary>
public sealed record PeerDocument
{
    public required string Name { get; init; }

    public required string Source { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string Address { get; init; }

    /// <summary>Its AS number.</summary>
    public required uint As { get; init; }

    public required uint LocalAs { get; init; }
}
