using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fulcrum.Protocols.Acme;

/// <summary>
/// What proves that a name is ours. All three ways show the key authorization (RFC 8555 section 8.1): the challenge's
/// token together with the thumbprint of the account's key, which only the account's owner can have made.
/// </summary>
public static class AcmeProof
{
    /// <summary>Where HTTP-01 is asked for, before the token (RFC 8555 section 8.3).</summary>
    public const string HttpPath = "/.well-known/acme-challenge/";

    /// <summary>What DNS-01 puts before the name (RFC 8555 section 8.4).</summary>
    public const string DnsPrefix = "_acme-challenge.";

    /// <summary>What TLS-ALPN-01 is asked with (RFC 8737 section 6.2).</summary>
    public const string TlsProtocol = "acme-tls/1";

    /// <summary>id-pe-acmeIdentifier (RFC 8737 section 6.1).</summary>
    public const string TlsExtension = "1.3.6.1.5.5.7.1.31";

    private const int LongestToken = 256;

    /// <summary>Whether this is of base64url's characters: a token becomes a part of a path (RFC 8555 section 8.3).</summary>
    public static bool IsToken(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= LongestToken && !text.ContainsAnyExcept(TokenCharacters);

    public static string KeyAuthorization(string token, string thumbprint) => $"{token}.{thumbprint}";

    /// <summary>The text of the TXT record (RFC 8555 section 8.4).</summary>
    public static string DnsValue(string keyAuthorization) => Base64Url.EncodeToString(Digest(keyAuthorization));

    /// <summary>The value of the certificate's extension: the digest as an OCTET STRING (RFC 8737 section 3).</summary>
    public static byte[] TlsExtensionValue(string keyAuthorization) =>
        [0x04, SHA256.HashSizeInBytes, .. Digest(keyAuthorization)];

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    private static byte[] Digest(string keyAuthorization) => SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization));
}
