namespace Fulcrum.Acme.Proofs;

/// <summary>What is to be seen at a name.</summary>
/// <param name="Name">Without the asterisk of a wildcard.</param>
internal sealed record Proof(string Name, string Token, string KeyAuthorization);
