using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Engine.Ports;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Proofs;

/// <summary>
/// TLS-ALPN-01 (RFC 8737): the service's own listener shows a certificate for the name that holds the proof. Who else
/// terminates TLS for the name could not know of it.
/// </summary>
internal sealed class TlsProver(TimeProvider time) : IProver, IAcmeChallenges
{
    // Nobody judges when it is valid; it should not matter where clocks differ.
    private static readonly TimeSpan Validity = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, AcmeChallengeCertificate> _certificates = new(
        StringComparer.OrdinalIgnoreCase
    );

    public string Type => "tls-alpn-01";

    public AcmeChallengeCertificate? Find(string serverName) => _certificates.GetValueOrDefault(serverName);

    public Task PresentAsync(Proof proof, CancellationToken cancellation)
    {
        _certificates[proof.Name] = Make(proof);
        return Task.CompletedTask;
    }

    public Task WithdrawAsync(Proof proof)
    {
        _certificates.TryRemove(proof.Name, out _);
        return Task.CompletedTask;
    }

    public void Dispose() => _certificates.Clear();

    private AcmeChallengeCertificate Make(Proof proof)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ACME challenge", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(proof.Name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509Extension(
                AcmeProof.TlsExtension,
                AcmeProof.TlsExtensionValue(proof.KeyAuthorization),
                critical: true
            )
        );
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - Validity, now + Validity);
        return new(certificate.RawData, key.ExportPkcs8PrivateKey());
    }
}
