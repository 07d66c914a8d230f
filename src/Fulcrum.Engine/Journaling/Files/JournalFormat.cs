using System.Buffers.Binary;

namespace Fulcrum.Engine.Journaling.Files;

/// <summary>
/// The bytes of a journal file. All numbers are little-endian.
/// <code>
/// header    magic "FULCRUMJ", version (4), CRC-32C of these twelve bytes (4); the same in all versions
/// record    CRC-32C of what follows (4), length of the whole record (4), sequence (8), changes
/// </code>
/// The first record is the snapshot, each other one a commit. The version goes into every checksum, so that a record
/// of another version is none.
/// </summary>
internal static class JournalFormat
{
    public const uint Version = 1;
    public const int HeaderLength = 16;
    public const int RecordPrefix = 16;

    /// <summary>Larger than any that is ever reached; damaged numbers are mostly larger.</summary>
    public const long MaxSequence = 1L << 48;

    private static ReadOnlySpan<byte> Magic => "FULCRUMJ"u8;

    public static void WriteHeader(Span<byte> to, uint version = Version)
    {
        Magic.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], version);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], Crc32C.Of(to[..12]));
    }

    /// <summary>The version, or null when the header is damaged.</summary>
    public static uint? ReadHeader(ReadOnlySpan<byte> file) =>
        file.Length >= HeaderLength
        && file.StartsWith(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(file[12..]) == Crc32C.Of(file[..12])
            ? BinaryPrimitives.ReadUInt32LittleEndian(file[8..])
            : null;

    /// <summary>Completes a record whose changes are written already, after room for the prefix.</summary>
    public static void Seal(Span<byte> record, long sequence)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], record.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(record, Crc32C.Of(record[4..], Version));
    }

    /// <summary>The record that begins here, or null.</summary>
    public static JournalRecord? Read(ReadOnlySpan<byte> bytes, long lowest = 0)
    {
        if (bytes.Length < RecordPrefix)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        if (length < RecordPrefix || length > bytes.Length || sequence < lowest || sequence > MaxSequence)
        {
            return null;
        }

        return
            BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Crc32C.Of(bytes[4..length], Version)
            && ChangeCodec.Read(bytes[RecordPrefix..length]) is { } changes
            ? new(sequence, length, changes)
            : null;
    }

    /// <summary>Where the next record begins that has at least this sequence number; null: there is none.</summary>
    public static int? Find(ReadOnlySpan<byte> file, int from, long lowest = 0)
    {
        for (; from <= file.Length - RecordPrefix; from++)
        {
            if (Read(file[from..], lowest) is not null)
            {
                return from;
            }
        }

        return null;
    }
}
