namespace Fulcrum.Tls.Certificates;

/// <summary>One piece of a PEM file (RFC 7468).</summary>
/// <param name="Label">What stands behind BEGIN.</param>
internal sealed record PemBlock(string Label, byte[] Data)
{
    public const string EncryptedKey = "ENCRYPTED PRIVATE KEY";

    public bool IsCertificate => Label is "CERTIFICATE" or "X509 CERTIFICATE";

    public bool IsRevocationList => Label is "X509 CRL";

    public bool IsKey => Label is "PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY" or EncryptedKey;
}
