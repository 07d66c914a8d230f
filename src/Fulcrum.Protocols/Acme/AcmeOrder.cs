namespace Fulcrum.Protocols.Acme;

/// <summary>What was asked for and how far it is (RFC 8555 section 7.1.3).</summary>
public sealed record AcmeOrder
{
    public required AcmeStatus Status { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>The names, wildcards as they are written.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<Uri> Authorizations { get; init; }

    public required Uri Finalize { get; init; }

    /// <summary>Where the certificate is. Null: there is none yet.</summary>
    public Uri? Certificate { get; init; }

    /// <summary>Why it is invalid.</summary>
    public AcmeProblem? Error { get; init; }
}
