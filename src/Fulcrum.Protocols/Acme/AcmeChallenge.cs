namespace Fulcrum.Protocols.Acme;

/// <summary>One way to prove a name (RFC 8555 section 7.1.5).</summary>
public sealed record AcmeChallenge
{
    /// <summary><c>http-01</c>, <c>dns-01</c>, <c>tls-alpn-01</c>, or one that is not ours.</summary>
    public required string Type { get; init; }

    public required Uri Url { get; init; }

    public required AcmeStatus Status { get; init; }

    /// <summary>Of base64url's characters. Null: this kind has none.</summary>
    public string? Token { get; init; }

    /// <summary>Why it failed.</summary>
    public AcmeProblem? Error { get; init; }
}
