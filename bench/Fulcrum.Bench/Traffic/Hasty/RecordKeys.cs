using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fulcrum.Bench.Traffic.Hasty;

/// <summary>One direction of a connection: AES-128-GCM over records (RFC 8446 section 5.2).</summary>
internal sealed class RecordKeys : IDisposable
{
    private const int HeaderLength = 5;
    private const int TagLength = 16;
    private const int NonceLength = 12;
    private const byte Protected = 23;

    private readonly AesGcm _cipher;
    private readonly byte[] _nonce = new byte[NonceLength];
    private ulong _count;

    public RecordKeys(ReadOnlySpan<byte> secret)
    {
        Span<byte> key = stackalloc byte[16];
        KeySchedule.Expand(secret, "key"u8, [], key);
        KeySchedule.Expand(secret, "iv"u8, [], _nonce);
        _cipher = new(key, TagLength);
    }

    /// <summary>Makes a record. Returns its length.</summary>
    public int Seal(byte type, ReadOnlySpan<byte> content, Span<byte> record)
    {
        var length = content.Length + 1;
        (record[0], record[1], record[2]) = (Protected, 3, 3);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], (ushort)(length + TagLength));
        var text = record.Slice(HeaderLength, length);
        content.CopyTo(text);
        text[^1] = type;
        Span<byte> nonce = stackalloc byte[NonceLength];
        Next(nonce);
        _cipher.Encrypt(nonce, text, text, record.Slice(HeaderLength + length, TagLength), record[..HeaderLength]);
        return HeaderLength + length + TagLength;
    }

    /// <summary>Opens a record where it lies.</summary>
    public bool TryOpen(Span<byte> record, out byte type, out Span<byte> content)
    {
        type = 0;
        content = default;
        if (record.Length < HeaderLength + 1 + TagLength)
        {
            return false;
        }

        var text = record[HeaderLength..^TagLength];
        Span<byte> nonce = stackalloc byte[NonceLength];
        Next(nonce);
        try
        {
            _cipher.Decrypt(nonce, text, record[^TagLength..], text, record[..HeaderLength]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        // Behind the type there may be padding.
        text = text.TrimEnd((byte)0);
        if (text.IsEmpty)
        {
            return false;
        }

        type = text[^1];
        content = text[..^1];
        return true;
    }

    public void Dispose() => _cipher.Dispose();

    private void Next(Span<byte> nonce)
    {
        _nonce.CopyTo(nonce);
        var end = nonce[^sizeof(ulong)..];
        BinaryPrimitives.WriteUInt64BigEndian(end, BinaryPrimitives.ReadUInt64BigEndian(end) ^ _count++);
    }
}
