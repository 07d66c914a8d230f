using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Fulcrum.Engine.Journaling.Files;

/// <summary>
/// Changes as bytes, one after the other: the lengths of key and value (four bytes each, little-endian; the length -1
/// means that the key goes), the key, the value, both in UTF-8.
/// </summary>
internal static class ChangeCodec
{
    private const int Prefix = 8;
    private const int Gone = -1;

    // Strict: a replaced surrogate would come back as another key or value than was put in.
    private static readonly UTF8Encoding Utf = new(false, throwOnInvalidBytes: true);

    /// <exception cref="EncoderFallbackException">The text holds half a surrogate pair.</exception>
    public static int Size(string key, string? value) =>
        Prefix + Utf.GetByteCount(key) + (value is null ? 0 : Utf.GetByteCount(value));

    /// <summary>Writes one change and returns its size.</summary>
    public static int Write(Span<byte> to, string key, string? value)
    {
        var keyLength = Utf.GetBytes(key, to[Prefix..]);
        var valueLength = value is null ? Gone : Utf.GetBytes(value, to[(Prefix + keyLength)..]);
        BinaryPrimitives.WriteInt32LittleEndian(to, keyLength);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], valueLength);
        return Prefix + keyLength + Math.Max(valueLength, 0);
    }

    /// <summary>All changes, or null when the bytes are anything else.</summary>
    public static IReadOnlyList<JournalChange>? Read(ReadOnlySpan<byte> bytes)
    {
        var changes = new List<JournalChange>();
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < Prefix)
            {
                return null;
            }

            var keyLength = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            var valueLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
            bytes = bytes[Prefix..];
            if (keyLength < 0 || valueLength < Gone || keyLength + (long)Math.Max(valueLength, 0) > bytes.Length)
            {
                return null;
            }

            var key = bytes[..keyLength];
            var value = bytes.Slice(keyLength, Math.Max(valueLength, 0));
            if (!Utf8.IsValid(key) || !Utf8.IsValid(value))
            {
                return null;
            }

            changes.Add(new(Utf.GetString(key), valueLength == Gone ? null : Utf.GetString(value)));
            bytes = bytes[(keyLength + value.Length)..];
        }

        return changes;
    }
}
