using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fulcrum.Bench.Traffic.Hasty;

/// <summary>
/// The first message (RFC 8446 section 4.1.2), which is the same for every connection but for its random. It has the
/// extensions that OpenSSL's has, with one choice in each.
/// </summary>
internal static class ClientHello
{
    private const int RandomAt = 5 + 4 + 2;
    private const int RandomLength = 32;
    private const ushort KeyShares = 51;

    private static readonly byte[] Template = Make();

    /// <summary>Writes the record. Returns its length.</summary>
    public static int Write(Span<byte> wire)
    {
        Template.CopyTo(wire);
        RandomNumberGenerator.Fill(wire.Slice(RandomAt, RandomLength));
        return Template.Length;
    }

    /// <summary>The key share in a server's hello, which has one. Empty: there is none.</summary>
    public static ReadOnlySpan<byte> FindShare(ReadOnlySpan<byte> message)
    {
        // Message head, version, random, then the echo of our session's name; suite, compression, length of extensions.
        var at = 4 + 2 + RandomLength;
        at += 1 + message[at] + 2 + 1 + 2;
        while (at + 4 <= message.Length)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
            var extension = message.Slice(at + 4, length);
            if (BinaryPrimitives.ReadUInt16BigEndian(message[at..]) == KeyShares)
            {
                return extension[4..];
            }

            at += 4 + length;
        }

        return [];
    }

    private static byte[] Make()
    {
        byte[] extensions =
        [
            // Server name.
            .. Extension(0, [.. Sized([0, .. Sized("bench.example.com"u8)])]),
            // Points are not compressed; groups: X25519; no state at the server; nothing is encrypted before it is signed.
            .. Extension(11, [1, 0]),
            .. Extension(10, [.. Sized([0, 0x1D])]),
            .. Extension(35, []),
            .. Extension(22, []),
            .. Extension(23, []),
            // Signatures: ECDSA over P-256 with SHA-256, and RSA-PSS.
            .. Extension(13, [.. Sized([4, 3, 8, 4])]),
            // Version 1.3; tickets may be used with a fresh key; our key.
            .. Extension(43, [2, 3, 4]),
            .. Extension(45, [1, 1]),
            .. Extension(KeyShares, [.. Sized([0, 0x1D, .. Sized(KeyShare.Public)])]),
        ];
        byte[] body =
        [
            3,
            3,
            .. new byte[RandomLength],
            // A session's name, which older boxes on the way want to see (appendix D.4).
            32,
            .. new byte[32],
            .. Sized([0x13, 0x01]),
            1,
            0,
            .. Sized(extensions),
        ];
        byte[] message = [1, 0, .. Sized(body)];
        return [22, 3, 1, .. Sized(message)];
    }

    private static byte[] Extension(ushort type, ReadOnlySpan<byte> content) =>
        [(byte)(type >> 8), (byte)type, .. Sized(content)];

    private static byte[] Sized(ReadOnlySpan<byte> content) =>
        [(byte)(content.Length >> 8), (byte)content.Length, .. content];
}
