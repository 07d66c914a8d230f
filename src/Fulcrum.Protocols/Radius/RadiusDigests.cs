using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Fulcrum.Protocols.Radius;

/// <summary>What proves that both sides know a secret. All of it is MD5, weak as it is: the protocol has nothing else.</summary>
[SuppressMessage("Security", "CA5351", Justification = "RFC 2865 and RFC 3579 demand MD5.")]
internal static class RadiusDigests
{
    public const int Length = 16;

    /// <summary>
    /// The Response Authenticator: the digest of the response, with the authenticator of the request in its place, and
    /// the secret (RFC 2865 section 3).
    /// </summary>
    public static byte[] Response(
        ReadOnlySpan<byte> response,
        ReadOnlySpan<byte> authenticator,
        ReadOnlySpan<byte> secret
    ) =>
        MD5.HashData([
            .. response[..RadiusWriter.AuthenticatorAt],
            .. authenticator,
            .. response[RadiusWriter.HeaderLength..],
            .. secret,
        ]);

    /// <summary>
    /// The Message-Authenticator whose value begins at <paramref name="at"/>: a keyed digest of the packet with the
    /// authenticator of the request, and zeros in the place of this value (RFC 3579 section 3.2).
    /// </summary>
    public static byte[] Message(
        ReadOnlySpan<byte> packet,
        ReadOnlySpan<byte> authenticator,
        ReadOnlySpan<byte> secret,
        int at
    )
    {
        var signed = packet.ToArray();
        authenticator.CopyTo(signed.AsSpan(RadiusWriter.AuthenticatorAt));
        signed.AsSpan(at, Length).Clear();
        return HMACMD5.HashData(secret, signed);
    }

    /// <summary>
    /// Hides a password in blocks that each depend on the hidden one before (RFC 2865 section 5.2).
    /// </summary>
    public static byte[] Hide(ReadOnlySpan<byte> password, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret)
    {
        var hidden = new byte[Math.Max(1, (password.Length + Length - 1) / Length) * Length];
        password.CopyTo(hidden);
        var before = authenticator;
        for (var at = 0; at < hidden.Length; at += Length)
        {
            var block = hidden.AsSpan(at, Length);
            var mask = MD5.HashData([.. secret, .. before]);
            for (var i = 0; i < Length; i++)
            {
                block[i] ^= mask[i];
            }

            before = block;
        }

        return hidden;
    }

    /// <summary>The answer to a challenge (RFC 1994 section 4.1), behind its identifier.</summary>
    public static byte[] Chap(byte identifier, ReadOnlySpan<byte> password, ReadOnlySpan<byte> challenge) =>
        [identifier, .. MD5.HashData([identifier, .. password, .. challenge])];
}
