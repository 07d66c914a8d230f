using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Fulcrum.Protocols.Acme;

/// <summary>What an authority is told.</summary>
public static class AcmePayloads
{
    /// <summary>Answers a challenge: it may be looked at now (RFC 8555 section 7.5.1).</summary>
    public static ReadOnlySpan<byte> Nothing => "{}"u8;

    /// <summary>RFC 8555 section 7.3; whoever asks has accepted the terms.</summary>
    /// <param name="externalAccount">A <see cref="JsonWebSignature.ExternalAccount"/>. Null: none.</param>
    public static byte[] NewAccount(string? email, byte[]? externalAccount) =>
        Write(json =>
        {
            json.WriteBoolean("termsOfServiceAgreed", true);
            if (email is not null)
            {
                json.WriteStartArray("contact");
                json.WriteStringValue($"mailto:{email}");
                json.WriteEndArray();
            }

            if (externalAccount is not null)
            {
                json.WritePropertyName("externalAccountBinding");
                json.WriteRawValue(externalAccount);
            }
        });

    /// <summary>RFC 8555 section 7.4.</summary>
    /// <param name="replaces">The certificate that this one is to replace (RFC 9773 section 5). Null: none.</param>
    public static byte[] NewOrder(string name, string? replaces) =>
        Write(json =>
        {
            json.WriteStartArray("identifiers");
            json.WriteStartObject();
            json.WriteString("type", "dns");
            json.WriteString("value", name);
            json.WriteEndObject();
            json.WriteEndArray();
            if (replaces is not null)
            {
                json.WriteString("replaces", replaces);
            }
        });

    /// <summary>RFC 8555 section 7.4.</summary>
    /// <param name="request">PKCS#10, DER.</param>
    public static byte[] Finalize(byte[] request) =>
        Write(json => json.WriteString("csr", Base64Url.EncodeToString(request)));

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return text.WrittenSpan.ToArray();
    }
}
