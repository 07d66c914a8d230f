namespace Fulcrum.Protocols.Acme;

/// <summary>One name that is to be proved (RFC 8555 section 7.1.4).</summary>
public sealed record AcmeAuthorization
{
    public required AcmeStatus Status { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>Without the asterisk where it is for a wildcard.</summary>
    public required string Name { get; init; }

    public bool IsWildcard { get; init; }

    public required IReadOnlyList<AcmeChallenge> Challenges { get; init; }
}
