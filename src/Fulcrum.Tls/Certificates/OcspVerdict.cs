namespace Fulcrum.Tls.Certificates;

internal enum OcspVerdict
{
    Good,
    Revoked,

    /// <summary>The authority does not know the certificate.</summary>
    Unknown,
}
