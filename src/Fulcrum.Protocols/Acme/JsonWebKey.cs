using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fulcrum.Protocols.Acme;

/// <summary>The public half of a P-256 key (RFC 7517, RFC 7518 section 6.2): its point's coordinates, 32 bytes each.</summary>
public sealed class JsonWebKey(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
{
    /// <summary>As JSON, with its members in the order that the thumbprint wants (RFC 7638 section 3.3).</summary>
    public string Json { get; } =
        $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(x)}}","y":"{{Base64Url.EncodeToString(y)}}"}""";

    /// <summary>RFC 7638.</summary>
    public string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Json)));

    public override string ToString() => Thumbprint;
}
