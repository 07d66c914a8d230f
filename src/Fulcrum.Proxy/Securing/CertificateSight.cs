using Fulcrum.Engine.Ports;
using Fulcrum.Tls.Certificates;

namespace Fulcrum.Proxy.Securing;

/// <summary>What others are told of a certificate: nothing of its key.</summary>
internal static class CertificateSight
{
    public static CertificateFacts FactsOf(LoadedCertificate certificate) =>
        new()
        {
            Names = certificate.Names,
            Issuer = certificate.Issuer,
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
            Key = certificate.KeyKind,
            Fingerprint = certificate.Fingerprint,
        };
}
