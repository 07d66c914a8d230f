using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Access;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Listening;

/// <summary>What is read from files for TLS. Immutable: handshakes that began with it end with it.</summary>
internal sealed class ServerTls
{
    private const int LongestFile = 4 << 20;
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private readonly SslStreamCertificateContext _certificate;
    private readonly X509Certificate2Collection? _authorities;

    private ServerTls(SslStreamCertificateContext certificate, X509Certificate2Collection? authorities) =>
        (_certificate, _authorities) = (certificate, authorities);

    /// <exception cref="IOException">A file cannot be read or used.</exception>
    public static ServerTls Load(ApiTls tls) =>
        new(Context(tls.Certificate), tls.ClientAuthorities is { } file ? Certificates(file, Read(file)) : null);

    /// <summary>For one handshake.</summary>
    public SslServerAuthenticationOptions Options()
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _certificate,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (_authorities is null)
        {
            return options;
        }

        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.ApplicationPolicy.Add(ClientUse);
        policy.CustomTrustStore.AddRange(_authorities);
        options.CertificateChainPolicy = policy;
        options.ClientCertificateRequired = true;
        // Asked for, and not insisted on: whoever has none may have a token.
        options.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            certificate is null || errors == SslPolicyErrors.None;
        return options;
    }

    private static SslStreamCertificateContext Context(CertificateReference reference)
    {
        var pem = Read(reference.File);
        var keyFile = reference.KeyFile ?? reference.File;
        var keyPem = reference.KeyFile is null ? pem : Read(keyFile);
        var others = Certificates(reference.File, pem);
        others.RemoveAt(0);
        var isEncrypted = keyPem.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
        if (isEncrypted && reference.Passphrase is null)
        {
            throw new IOException($"{keyFile}: the key has a passphrase; expected 'passphrase: {{ file: PATH }}'");
        }

        try
        {
            var certificate = isEncrypted
                ? X509Certificate2.CreateFromEncryptedPem(pem, keyPem, Secret(reference.Passphrase!))
                : X509Certificate2.CreateFromPem(pem, keyPem);
            return SslStreamCertificateContext.Create(certificate, others, offline: true);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new IOException($"{keyFile}: no usable key for {reference.File}: {exception.Message}", exception);
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
            throw new IOException($"{file}: a certificate is damaged: {exception.Message}", exception);
        }

        return certificates.Count > 0 ? certificates : throw new IOException($"{file}: holds no certificate");
    }

    private static string Secret(SecretReference reference) =>
        reference.File is { } file
            ? Read(file).TrimEnd('\r', '\n')
            : Environment.GetEnvironmentVariable(reference.Variable!)
                ?? throw new IOException($"{reference}: is not set");

    private static string Read(string file)
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: > LongestFile }
                ? throw new IOException($"{file}: is longer than {LongestFile} bytes")
                : File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"{file}: there is no such file", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{file}: {exception.Message}", exception);
        }
    }
}
