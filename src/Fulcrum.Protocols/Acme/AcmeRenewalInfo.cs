namespace Fulcrum.Protocols.Acme;

/// <summary>When an authority wants a certificate to be renewed (RFC 9773 section 4.2).</summary>
/// <param name="Explanation">A page that tells why. Null: there is none.</param>
public sealed record AcmeRenewalInfo(DateTimeOffset Start, DateTimeOffset End, string? Explanation);
