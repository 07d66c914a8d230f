using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Fulcrum.TestKit.Acme;

/// <summary>A request whose signature holds (RFC 8555 section 6.2), read strictly.</summary>
/// <param name="KeyId">The account's URL. Null: the key itself is in the request.</param>
internal sealed record SignedRequest(string? KeyId, JsonObject? Jwk, string Nonce, byte[] Payload)
{
    public bool IsEmpty => Payload.Length == 0;

    public JsonObject Json => (JsonObject)JsonNode.Parse(Payload)!;

    /// <param name="keyOf">The key of an account. Null: there is no such account.</param>
    public static SignedRequest Read(AcmeRequest request, string url, Func<string, JsonObject?> keyOf)
    {
        Demand(request.Headers.GetValueOrDefault("content-type") == "application/jose+json", "content type");
        Demand(request.Headers.ContainsKey("user-agent"), "user agent");
        var outer = (JsonObject)JsonNode.Parse(request.Body)!;
        Demand(outer.Count == 3, "members");
        var (head, body) = (Text(outer, "protected"), Text(outer, "payload"));
        var header = (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(head))!;
        Demand(Text(header, "alg") == "ES256", "algorithm");
        Demand(Text(header, "url") == url, "url");
        var keyId = (string?)header["kid"];
        var jwk = header["jwk"] as JsonObject;
        Demand(keyId is null != jwk is null, "one of kid and jwk");
        var key = jwk ?? keyOf(keyId!) ?? throw new AcmeRefusal(400, "accountDoesNotExist", "there is no such account");
        using var verifier = KeyOf(key);
        Demand(
            verifier.VerifyData(
                Encoding.ASCII.GetBytes($"{head}.{body}"),
                Base64Url.DecodeFromChars(Text(outer, "signature")),
                HashAlgorithmName.SHA256
            ),
            "signature"
        );
        return new(keyId, jwk, Text(header, "nonce"), Base64Url.DecodeFromChars(body));
    }

    /// <summary>Checks what binds a key to an account elsewhere (RFC 8555 section 7.3.4).</summary>
    public static void CheckBinding(JsonNode? binding, string url, JsonObject key, string keyId, byte[] secret)
    {
        if (binding is not JsonObject outer)
        {
            throw new AcmeRefusal(401, "externalAccountRequired", "an external account is required");
        }

        var (head, body) = (Text(outer, "protected"), Text(outer, "payload"));
        var header = (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(head))!;
        Demand(Text(header, "alg") == "HS256" && Text(header, "url") == url, "the binding's header");
        Demand(Text(header, "kid") == keyId, "the binding's key");
        Demand(header["nonce"] is null, "a nonce in the binding");
        Demand(JsonNode.DeepEquals(JsonNode.Parse(Base64Url.DecodeFromChars(body)), key), "the bound key");
        var code = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{head}.{body}"));
        Demand(code.AsSpan().SequenceEqual(Base64Url.DecodeFromChars(Text(outer, "signature"))), "the binding's code");
    }

    /// <summary>RFC 7638.</summary>
    public static string Thumbprint(JsonObject key) =>
        Base64Url.EncodeToString(
            SHA256.HashData(
                Encoding.ASCII.GetBytes(
                    $$"""{"crv":"{{key["crv"]}}","kty":"{{key["kty"]}}","x":"{{key["x"]}}","y":"{{key["y"]}}"}"""
                )
            )
        );

    public static ECDsa KeyOf(JsonObject key) =>
        ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new()
                {
                    X = Base64Url.DecodeFromChars(Text(key, "x")),
                    Y = Base64Url.DecodeFromChars(Text(key, "y")),
                },
            }
        );

    public static string Text(JsonObject parent, string name) =>
        (string?)parent[name] ?? throw new AcmeRefusal(400, "malformed", $"no {name}");

    public static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new AcmeRefusal(400, "malformed", $"wrong: {what}");
        }
    }
}
