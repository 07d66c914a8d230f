using System.Text.Json.Nodes;

namespace Fulcrum.Api.Configuring;

/// <summary>One object as it is configured, and whose it is.</summary>
public sealed record ConfigurationDocument
{
    public required string Name { get; init; }

    public required string Source { get; init; }

    /// <summary>As it stands under its name in a configuration; what is default is left out.</summary>
    public required JsonNode Configuration { get; init; }

    /// <summary>For <c>If-Match</c>.</summary>
    public required string Etag { get; init; }
}
