using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Protocols.Tests.Acme;

public sealed class JsonWebSignatureTests
{
    // RFC 7515 appendix A.3.
    private static readonly byte[] X = Base64Url.DecodeFromChars("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
    private static readonly byte[] Y = Base64Url.DecodeFromChars("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    private static readonly byte[] D = Base64Url.DecodeFromChars("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI");

    private static readonly JsonWebKey Key = new(X, Y);
    private static readonly Uri Place = new("https://ca.example/acme/new-order?q=\"ü\"&a=%20");

    [Fact]
    public void A_key_is_written_with_its_members_in_the_order_of_the_thumbprint()
    {
        Assert.Equal(
            """{"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""",
            Key.Json
        );
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Key.Json))), Key.Thumbprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"identifiers":[]}""")]
    public void What_is_signed_for_an_account_is_verified_by_its_key(string payload)
    {
        using var key = PrivateKey();
        var account = new Uri("https://ca.example/acme/account/1");
        var text = JsonWebSignature.ByAccount(account, Place, "nonce-_1", Encoding.UTF8.GetBytes(payload), Sign);
        var header = Verified(text, payload);
        Assert.Equal(["alg", "nonce", "url", "kid"], header.Select(member => member.Key));
        Assert.Equal(
            ("ES256", "nonce-_1", Place.OriginalString, account.OriginalString),
            ((string?)header["alg"], (string?)header["nonce"], (string?)header["url"], (string?)header["kid"])
        );

        byte[] Sign(ReadOnlySpan<byte> message) => key.SignData(message, HashAlgorithmName.SHA256);
    }

    [Fact]
    public void What_is_signed_by_a_key_has_the_key_with_it()
    {
        using var key = PrivateKey();
        var text = JsonWebSignature.ByKey(
            Key,
            Place,
            "n",
            "{}"u8,
            message => key.SignData(message, HashAlgorithmName.SHA256)
        );
        var header = Verified(text, "{}");
        Assert.Equal(["alg", "nonce", "url", "jwk"], header.Select(member => member.Key));
        Assert.Equal(Key.Json, header["jwk"]!.ToJsonString());
    }

    [Fact]
    public void An_external_account_is_bound_by_the_secret_of_both()
    {
        var secret = "secret"u8.ToArray();
        var text = JsonWebSignature.ExternalAccount("kid", Place, Key, message => HMACSHA256.HashData(secret, message));
        var outer = (JsonObject)JsonNode.Parse(text)!;
        var code = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{outer["protected"]}.{outer["payload"]}"));
        Assert.Equal(Base64Url.EncodeToString(code), (string?)outer["signature"]);
        Assert.Equal(Key.Json, Decoded(outer, "payload"));
        var header = (JsonObject)JsonNode.Parse(Decoded(outer, "protected"))!;
        Assert.Equal(["alg", "url", "kid"], header.Select(member => member.Key));
        Assert.Equal("HS256", (string?)header["alg"]);
    }

    [Fact]
    public void Payloads_are_what_the_protocol_says()
    {
        Assert.Equal("""{"termsOfServiceAgreed":true}""", Text(AcmePayloads.NewAccount(null, null)));
        Assert.Equal(
            """{"termsOfServiceAgreed":true,"contact":["mailto:a@b"],"externalAccountBinding":{"x":1}}""",
            Text(AcmePayloads.NewAccount("a@b", """{"x":1}"""u8.ToArray()))
        );
        Assert.Equal(
            """{"identifiers":[{"type":"dns","value":"*.example.com"}],"replaces":"a.b"}""",
            Text(AcmePayloads.NewOrder("*.example.com", "a.b"))
        );
        Assert.Equal("""{"csr":"-_8"}""", Text(AcmePayloads.Finalize([0xfb, 0xff])));
    }

    private static ECDsa PrivateKey() =>
        ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new() { X = X, Y = Y },
                D = D,
            }
        );

    private static JsonObject Verified(byte[] text, string payload)
    {
        using var key = PrivateKey();
        var outer = (JsonObject)JsonNode.Parse(text)!;
        Assert.Equal(["protected", "payload", "signature"], outer.Select(member => member.Key));
        Assert.True(
            key.VerifyData(
                Encoding.ASCII.GetBytes($"{outer["protected"]}.{outer["payload"]}"),
                Base64Url.DecodeFromChars((string)outer["signature"]!),
                HashAlgorithmName.SHA256
            )
        );
        Assert.Equal(payload, Decoded(outer, "payload"));
        return (JsonObject)JsonNode.Parse(Decoded(outer, "protected"))!;
    }

    private static string Decoded(JsonObject outer, string member) =>
        Text(Base64Url.DecodeFromChars((string)outer[member]!));

    private static string Text(byte[] octets) => Encoding.UTF8.GetString(octets);
}
