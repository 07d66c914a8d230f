using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Routing;

/// <summary>
/// What a session must be like. All fields that are set must hold; within a field any one of the alternatives.
/// </summary>
public sealed record Match
{
    /// <summary>HTTP host, without port.</summary>
    public Items<TextPattern> Host { get; init; }

    public Items<TextPattern> Path { get; init; }

    public Items<string> Method { get; init; }

    /// <summary>TLS server name. An empty exact pattern holds for clients that send none.</summary>
    public Items<TextPattern> Sni { get; init; }

    public Items<string> Alpn { get; init; }

    public Items<IPNetwork> Source { get; init; }

    /// <summary>The port that the client connected to.</summary>
    public Items<PortRange> Port { get; init; }

    /// <summary>Any field of the session's metadata, by its path: <c>http.headers.x-user</c>, <c>labels.tenant</c>.</summary>
    public Items<FieldMatch> Fields { get; init; }

    /// <summary>At least one of these must hold.</summary>
    public Items<Match> Any { get; init; }

    /// <summary>This must not hold.</summary>
    public Match? Not { get; init; }
}

/// <summary>One field of the metadata; no pattern: it must be there.</summary>
public sealed record FieldMatch(string Field, Items<TextPattern> Patterns);
