namespace Fulcrum.Protocols.Acme;

/// <summary>Where an authority does what (RFC 8555 section 7.1.1).</summary>
public sealed record AcmeDirectory
{
    public required Uri NewNonce { get; init; }

    public required Uri NewAccount { get; init; }

    public required Uri NewOrder { get; init; }

    /// <summary>Where it says when to renew (RFC 9773 section 4.1). Null: it does not.</summary>
    public Uri? RenewalInfo { get; init; }

    public string? TermsOfService { get; init; }

    public bool NeedsExternalAccount { get; init; }
}
