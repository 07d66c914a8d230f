using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Engine.Secrets;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;

namespace Fulcrum.Health.Tls;

/// <summary>What is read from files for TLS, once for all who need the same. Immutable: every handshake copies the policy.</summary>
internal sealed class TlsMaterial
{
    private const int LongestFile = 4 << 20;

    private TlsMaterial(X509ChainPolicy policy, SslStreamCertificateContext? certificate)
    {
        Policy = policy;
        Certificate = certificate;
    }

    /// <summary>Whom to trust. Nothing is ever fetched from the network: a loop must not wait.</summary>
    public X509ChainPolicy Policy { get; }

    /// <summary>What we show when asked.</summary>
    public SslStreamCertificateContext? Certificate { get; }

    /// <exception cref="TlsSettingsException">A file cannot be read or used.</exception>
    public static TlsMaterial Load(TlsFiles files)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        if (files.Authorities is { } authorities)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Certificates(authorities, Read(authorities)));
        }

        return new(policy, files.Certificate is null ? null : Context(files.Certificate));
    }

    private static SslStreamCertificateContext Context(CertificateReference reference)
    {
        var pem = Read(reference.File);
        var keyFile = reference.KeyFile ?? reference.File;
        var keyPem = reference.KeyFile is null ? pem : Read(keyFile);
        var others = Certificates(reference.File, pem);
        others.RemoveAt(0);
        var encrypted = keyPem.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
        var passphrase = !encrypted
            ? null
            : Secret(reference.Passphrase ?? throw new TlsSettingsException($"{keyFile}: the key has a passphrase"));
        try
        {
            var certificate = passphrase is null
                ? X509Certificate2.CreateFromPem(pem, keyPem)
                : X509Certificate2.CreateFromEncryptedPem(pem, keyPem, passphrase);
            return SslStreamCertificateContext.Create(certificate, others, offline: true);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new TlsSettingsException(
                $"{keyFile}: no usable key for {reference.File}: {exception.Message}",
                exception
            );
        }
    }

    private static X509Certificate2Collection Certificates(string file, string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException exception)
        {
            throw new TlsSettingsException($"{file}: a certificate is damaged: {exception.Message}", exception);
        }

        return certificates.Count > 0 ? certificates : throw new TlsSettingsException($"{file}: holds no certificate");
    }

    private static string Secret(SecretReference reference)
    {
        try
        {
            return SecretFile.ReadText(reference);
        }
        catch (SecretException exception)
        {
            throw new TlsSettingsException(exception.Message, exception);
        }
    }

    private static string Read(string file)
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: > LongestFile }
                ? throw new TlsSettingsException($"{file}: is longer than {LongestFile} bytes")
                : File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TlsSettingsException($"{file}: {exception.Message}", exception);
        }
    }
}
