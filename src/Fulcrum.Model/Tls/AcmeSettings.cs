using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tls;

/// <summary>How an authority sees that a name is ours.</summary>
public enum AcmeMethod
{
    /// <summary>By a certificate that the service's own listener shows to it (RFC 8737).</summary>
    TlsAlpn,

    /// <summary>By a page at port 80 of the name (RFC 8555 section 8.3).</summary>
    Http,

    /// <summary>By a record in the DNS (RFC 8555 section 8.4).</summary>
    Dns,
}

public enum CertificateKeyKind
{
    /// <summary>On the curve P-256.</summary>
    Ecdsa,

    /// <summary>Of 2048 bits.</summary>
    Rsa,
}

/// <summary>An account that the authority's owner gave us elsewhere (RFC 8555 section 7.3.4).</summary>
/// <param name="Key">In base64url, as authorities hand it out.</param>
public sealed record AcmeExternalAccount(string KeyId, SecretReference Key);

/// <summary>Who issues certificates for names that are got by ACME (RFC 8555), and how it sees that they are ours.</summary>
public sealed record AcmeSettings
{
    public static Uri LetsEncrypt { get; } = new("https://acme-v02.api.letsencrypt.org/directory");

    public Uri Directory { get; init; } = LetsEncrypt;

    /// <summary>Whom the authority may write to. Null: nobody.</summary>
    public string? Email { get; init; }

    /// <summary>The owner of this node accepts the authority's terms; without that it issues nothing.</summary>
    public bool AcceptTerms { get; init; }

    public AcmeMethod Challenge { get; init; }

    /// <summary>Where <see cref="AcmeMethod.Http"/> is answered.</summary>
    public IPEndPoint? HttpListen { get; init; }

    /// <summary>
    /// The program that makes records for <see cref="AcmeMethod.Dns"/>, and its first arguments;
    /// <c>present DOMAIN NAME VALUE</c> or <c>cleanup DOMAIN NAME VALUE</c> come behind them.
    /// </summary>
    public Items<string> DnsHook { get; init; }

    /// <summary>A file of certificates by which the authority's server is verified. Null: the system's.</summary>
    public string? Authorities { get; init; }

    public AcmeExternalAccount? ExternalAccount { get; init; }

    public CertificateKeyKind Key { get; init; }

    /// <summary>
    /// How the file of a name's certificate is called. An asterisk would be a pattern to every shell: a wildcard begins
    /// with an underscore, which no name does that is certified.
    /// </summary>
    public static string FileNameOf(string name) => $"{name.Replace('*', '_').ToLowerInvariant()}.pem";
}
