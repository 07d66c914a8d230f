namespace Fulcrum.Engine.Ports;

/// <summary>What is shown to an authority that asks by TLS whether a name is ours (RFC 8737 section 3).</summary>
/// <param name="Certificate">DER; signed by itself, so it is the whole chain.</param>
/// <param name="Key">Its key, PKCS#8 in DER.</param>
public sealed record AcmeChallengeCertificate(ReadOnlyMemory<byte> Certificate, ReadOnlyMemory<byte> Key);
