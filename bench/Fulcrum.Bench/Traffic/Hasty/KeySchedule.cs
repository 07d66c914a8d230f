using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fulcrum.Bench.Traffic.Hasty;

/// <summary>From what both have agreed on to the keys of both directions (RFC 8446 section 7.1), with SHA-256.</summary>
internal sealed class KeySchedule
{
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>What does not depend on the connection: no key that both have had before.</summary>
    private static readonly byte[] Early = DeriveSecret(
        HMACSHA256.HashData(new byte[HashLength], new byte[HashLength]),
        "derived"u8,
        []
    );

    private readonly byte[] _handshake;

    private KeySchedule(byte[] handshake, ReadOnlySpan<byte> transcript)
    {
        _handshake = handshake;
        OfClient = DeriveSecret(handshake, "c hs traffic"u8, transcript);
        OfServer = DeriveSecret(handshake, "s hs traffic"u8, transcript);
    }

    public byte[] OfClient { get; private set; }

    public byte[] OfServer { get; private set; }

    /// <param name="shared">What both have agreed on.</param>
    /// <param name="transcript">Both hellos.</param>
    public static KeySchedule Begin(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> transcript) =>
        new(HMACSHA256.HashData(Early, shared), transcript);

    /// <summary>What a client's last message says (RFC 8446 section 4.4.4).</summary>
    public void Finish(ReadOnlySpan<byte> transcript, Span<byte> verification)
    {
        Span<byte> key = stackalloc byte[HashLength];
        Span<byte> hash = stackalloc byte[HashLength];
        Expand(OfClient, "finished"u8, [], key);
        _ = SHA256.HashData(transcript, hash);
        _ = HMACSHA256.HashData(key, hash, verification);
    }

    /// <param name="transcript">From the hello up to the server's last message.</param>
    public void BeginData(ReadOnlySpan<byte> transcript)
    {
        var master = HMACSHA256.HashData(DeriveSecret(_handshake, "derived"u8, []), new byte[HashLength]);
        OfClient = DeriveSecret(master, "c ap traffic"u8, transcript);
        OfServer = DeriveSecret(master, "s ap traffic"u8, transcript);
    }

    /// <summary>HKDF-Expand-Label, for no more than a hash's length.</summary>
    public static void Expand(
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> context,
        Span<byte> key
    )
    {
        var prefix = "tls13 "u8;
        Span<byte> info = stackalloc byte[128];
        BinaryPrimitives.WriteUInt16BigEndian(info, (ushort)key.Length);
        info[2] = (byte)(prefix.Length + label.Length);
        prefix.CopyTo(info[3..]);
        label.CopyTo(info[(3 + prefix.Length)..]);
        var at = 3 + prefix.Length + label.Length;
        info[at++] = (byte)context.Length;
        context.CopyTo(info[at..]);
        at += context.Length;
        // The first and only block of HKDF-Expand (RFC 5869 section 2.3).
        info[at++] = 1;
        Span<byte> block = stackalloc byte[HashLength];
        _ = HMACSHA256.HashData(secret, info[..at], block);
        block[..key.Length].CopyTo(key);
    }

    private static byte[] DeriveSecret(
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> transcript
    )
    {
        Span<byte> hash = stackalloc byte[HashLength];
        _ = SHA256.HashData(transcript, hash);
        var derived = new byte[HashLength];
        Expand(secret, label, hash, derived);
        return derived;
    }
}
