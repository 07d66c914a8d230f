namespace Fulcrum.Protocols.Tls;

/// <summary>
/// Reads the first message of a TLS connection without taking part in it: the ClientHello (RFC 8446 section 4.1.2) says
/// in the clear whom the client wants to reach (server_name, RFC 6066 section 3), what it would speak there (ALPN, RFC
/// 7301) and which versions it knows. So a connection can be sent to its backend, and encryption stays between the two
/// ends.
/// <para>
/// The reader is given all bytes that have come so far, and is asked again when there are more: it keeps nothing. The
/// message may come in several records and in any number of segments; with the keys that are usual today it is longer
/// than a packet. What takes several records is joined in the caller's scratch, whose length also bounds the message
/// that is accepted; nothing else is held, and nothing is allocated.
/// </para>
/// <para>
/// What a client makes up so that nobody relies on knowing everything (RFC 8701) is passed over like all that is
/// unknown. Of an encrypted hello (ECH) the outer one is read, which is addressed to whoever can decrypt the inner one.
/// </para>
/// </summary>
public static class ClientHelloReader
{
    /// <summary>A scratch of so many bytes is enough for any client in its right mind.</summary>
    public const int ScratchLength = 1 << 16;

    private const int HeaderLength = 4;
    private const byte TypeClientHello = 1;

    /// <param name="received">What has come so far, from the first byte on.</param>
    /// <param name="scratch">For a message in several records, and for the name.</param>
    /// <param name="hello">What it says, when it is complete.</param>
    /// <param name="error">Why it is invalid.</param>
    public static ClientHelloReading Read(
        ReadOnlySpan<byte> received,
        Span<byte> scratch,
        out ClientHello hello,
        out string? error
    )
    {
        hello = default;
        error = null;
        if (
            (received.Length > 0 && received[0] != TlsRecords.Handshake)
            || (received.Length > 1 && received[1] != TlsRecords.MajorVersion)
        )
        {
            return ClientHelloReading.NotTls;
        }

        var longest = scratch.Length - ServerNames.MaxLength;
        var records = CountRecords(received, longest, out var length, out error);
        if (records == 0)
        {
            return error is null ? ClientHelloReading.NeedMore : ClientHelloReading.Invalid;
        }

        var message = Join(received, records, length, scratch[ServerNames.MaxLength..]);
        error = ClientHelloBody.Read(message[HeaderLength..], scratch[..ServerNames.MaxLength], out hello);
        return error is null ? ClientHelloReading.Complete : ClientHelloReading.Invalid;
    }

    // The number of records in which the whole message is, 0 as long as it is not; its length tells the first four bytes,
    // which may themselves come in several records.
    private static int CountRecords(ReadOnlySpan<byte> received, int longest, out int length, out string? error)
    {
        length = 0;
        error = null;
        var all = new TlsRecords(received);
        var total = 0;
        uint begin = 0;
        while (all.MoveNext())
        {
            for (var at = 0; at < all.Piece.Length && total + at < HeaderLength; at++)
            {
                begin = (begin << 8) | all.Piece[at];
                if (total + at == 0 && begin != TypeClientHello)
                {
                    error = "the first message is no ClientHello";
                    return 0;
                }
            }

            total += all.Piece.Length;
            if (total < HeaderLength)
            {
                continue;
            }

            length = HeaderLength + (int)(begin & 0xff_ffff);
            if (length > longest)
            {
                error = "the ClientHello is longer than is accepted";
                return 0;
            }

            if (total >= length)
            {
                return all.Count;
            }
        }

        error = all.Error;
        return 0;
    }

    private static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> received, int records, int length, Span<byte> scratch)
    {
        var all = new TlsRecords(received);
        var joined = 0;
        while (joined < length && all.MoveNext())
        {
            var piece = all.Piece[..Math.Min(all.Piece.Length, length - joined)];
            if (records == 1)
            {
                return piece;
            }

            piece.CopyTo(scratch[joined..]);
            joined += piece.Length;
        }

        return scratch[..length];
    }
}
