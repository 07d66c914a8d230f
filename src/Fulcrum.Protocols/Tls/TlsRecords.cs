using System.Buffers.Binary;

namespace Fulcrum.Protocols.Tls;

/// <summary>
/// Goes through the records in which a handshake message comes (RFC 8446 section 5.1): five bytes of type, version and
/// length, then a piece of the message. The last piece may not have come to its end yet.
/// </summary>
internal ref struct TlsRecords(ReadOnlySpan<byte> received)
{
    public const byte Handshake = 22;
    public const byte MajorVersion = 3;

    private const int HeaderLength = 5;
    private const int LengthAt = 3;
    private const int MaxPiece = 1 << 14;

    // The smallest pieces that a client can ask for have 512 bytes (RFC 6066 section 4), so these are more than enough;
    // without a bound a client could make us go through its records again and again.
    private const int MaxRecords = 256;

    private ReadOnlySpan<byte> _rest = received;

    /// <summary>Records seen, whole or not.</summary>
    public int Count { get; private set; }

    /// <summary>What has come of the message in this record.</summary>
    public ReadOnlySpan<byte> Piece { get; private set; }

    public string? Error { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty || Error is not null)
        {
            return false;
        }

        Count++;
        Error = ErrorOfHeader();
        if (Error is not null || _rest.Length < HeaderLength)
        {
            return false;
        }

        var end = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(_rest[LengthAt..]);
        end = Math.Min(end, _rest.Length);
        Piece = _rest[HeaderLength..end];
        _rest = _rest[end..];
        return true;
    }

    // As far as it has come.
    private readonly string? ErrorOfHeader()
    {
        if (Count > MaxRecords)
        {
            return "the message comes in more than 256 records";
        }

        if (_rest[0] != Handshake || (_rest.Length > 1 && _rest[1] != MajorVersion))
        {
            return "something else comes before the message is complete";
        }

        var length = _rest.Length < HeaderLength ? 1 : BinaryPrimitives.ReadUInt16BigEndian(_rest[LengthAt..]);
        return length == 0 ? "a record is empty"
            : length > MaxPiece ? "a record is longer than a record can be"
            : null;
    }
}
