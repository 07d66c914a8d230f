using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Fulcrum.Protocols.Acme;

/// <summary>Signs: ES256 is the pair of numbers, 32 bytes each (RFC 7518 section 3.4); HS256 is the authentication code.</summary>
public delegate byte[] SignMessage(ReadOnlySpan<byte> message);

/// <summary>
/// Signed JSON in the flattened form, as every request to an authority is (RFC 8555 section 6.2, RFC 7515 section
/// 7.2.2). The protected header names the place that is asked, so that an answer to one question cannot be had with
/// the signature of another, and a nonce, so that nothing is had twice.
/// </summary>
public static class JsonWebSignature
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>By an account that the authority knows.</summary>
    /// <param name="payload">Empty: a POST that only gets (RFC 8555 section 6.3).</param>
    public static byte[] ByAccount(Uri account, Uri url, string nonce, ReadOnlySpan<byte> payload, SignMessage sign) =>
        Write(Header("ES256", url, nonce, account.OriginalString, null), payload, sign);

    /// <summary>By a key that the authority does not know yet.</summary>
    public static byte[] ByKey(JsonWebKey key, Uri url, string nonce, ReadOnlySpan<byte> payload, SignMessage sign) =>
        Write(Header("ES256", url, nonce, null, key), payload, sign);

    /// <summary>Binds our key to an account elsewhere (RFC 8555 section 7.3.4): signed by a secret that both know.</summary>
    public static byte[] ExternalAccount(string keyId, Uri newAccount, JsonWebKey key, SignMessage sign) =>
        Write(Header("HS256", newAccount, null, keyId, null), Encoding.ASCII.GetBytes(key.Json), sign);

    private static byte[] Header(string algorithm, Uri url, string? nonce, string? keyId, JsonWebKey? key)
    {
        var header = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(header, Options))
        {
            json.WriteStartObject();
            json.WriteString("alg", algorithm);
            if (nonce is not null)
            {
                json.WriteString("nonce", nonce);
            }

            // Byte for byte as the authority wrote it: it compares (RFC 8555 section 6.4).
            json.WriteString("url", url.OriginalString);
            if (keyId is not null)
            {
                json.WriteString("kid", keyId);
            }

            if (key is not null)
            {
                json.WritePropertyName("jwk");
                json.WriteRawValue(key.Json);
            }

            json.WriteEndObject();
        }

        return header.WrittenSpan.ToArray();
    }

    private static byte[] Write(byte[] header, ReadOnlySpan<byte> payload, SignMessage sign)
    {
        var (head, body) = (Base64Url.EncodeToString(header), Base64Url.EncodeToString(payload));
        var signature = Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes($"{head}.{body}")));
        return Encoding.ASCII.GetBytes(
            $$"""{"protected":"{{head}}","payload":"{{body}}","signature":"{{signature}}"}"""
        );
    }
}
