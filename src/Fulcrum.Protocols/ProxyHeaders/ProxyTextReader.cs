namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>
/// Reads the line of version 1, one character after the other: a character that no line can have at its place ends the
/// reading, and so does the end of what has come. <c>false</c> is either; the error tells which.
/// </summary>
internal ref partial struct ProxyTextReader(ReadOnlySpan<byte> received)
{
    private const string NoProtocol = "the protocol is none of TCP4, TCP6 and UNKNOWN";
    private const string NoPort = "a port is a number up to 65535 without leading zeros";
    private const string NoEnd = "CR and LF have to end the line";

    // No line is longer, so nothing behind its bound is looked at.
    private readonly ReadOnlySpan<byte> _line = received[..Math.Min(received.Length, ProxyText.MaxLength)];
    private int _at = ProxyText.Signature.Length;
    private string? _error;

    public ProxyReading Read(out ProxyHeader header, out string? error)
    {
        header = default;
        UInt128 source = 0;
        UInt128 destination = 0;
        uint sourcePort = 0;
        uint destinationPort = 0;
        var family = ReadFamily();
        var isRead =
            _error is null
            && family switch
            {
                ProxyFamily.IPv4 or ProxyFamily.IPv6 => ReadAddress(family, out source)
                    && Skip((byte)' ', "a space has to stand after the source address")
                    && ReadAddress(family, out destination)
                    && Skip((byte)' ', "a space has to stand after the destination address")
                    && ReadNumber(ushort.MaxValue, NoPort, out sourcePort)
                    && Skip((byte)' ', "a space has to stand after the source port")
                    && ReadNumber(ushort.MaxValue, NoPort, out destinationPort),
                _ => SkipUnknown(),
            }
            && Skip((byte)'\r', NoEnd)
            && Skip((byte)'\n', NoEnd);
        error = _error;
        if (!isRead)
        {
            if (error is null && _line.Length == ProxyText.MaxLength)
            {
                error = "the line has no end within 107 bytes";
            }

            return error is null ? ProxyReading.NeedMore : ProxyReading.Invalid;
        }

        header = new ProxyHeader
        {
            Version = 1,
            Length = _at,
            Command = ProxyCommand.Proxy,
            Family = family,
            Transport = family == ProxyFamily.Unspecified ? ProxyTransport.Unspecified : ProxyTransport.Stream,
            Source = new ProxyAddress(family, source, (ushort)sourcePort),
            Destination = new ProxyAddress(family, destination, (ushort)destinationPort),
        };
        return ProxyReading.Complete;
    }

    // Unspecified for UNKNOWN, and for what cannot be told yet: then all that has come is read, and the line has no end.
    private ProxyFamily ReadFamily()
    {
        var rest = _line[_at..];
        var (family, word) =
            Begins(rest, ProxyText.Tcp4) ? (ProxyFamily.IPv4, ProxyText.Tcp4.Length)
            : Begins(rest, ProxyText.Tcp6) ? (ProxyFamily.IPv6, ProxyText.Tcp6.Length)
            : Begins(rest, ProxyText.Unknown) ? (ProxyFamily.Unspecified, ProxyText.Unknown.Length)
            : (ProxyFamily.Unspecified, 0);
        if (word == 0)
        {
            _error = NoProtocol;
        }

        if (rest.Length < word)
        {
            _at = _line.Length;
            return ProxyFamily.Unspecified;
        }

        _at += word;
        return family;
    }

    private static bool Begins(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> word)
    {
        var compared = Math.Min(rest.Length, word.Length);
        return rest[..compared].SequenceEqual(word[..compared]);
    }

    // Whatever stands between the word and the end of the line is to be ignored.
    private bool SkipUnknown()
    {
        if (Peek(out var octet) && octet is not ((byte)' ' or (byte)'\r'))
        {
            return Fail(NoProtocol);
        }

        var rest = _line[_at..];
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        _at += end < 0 ? rest.Length : end;
        return end >= 0;
    }

    private bool Skip(byte expected, string error) =>
        Peek(out var octet) && (octet == expected ? ++_at > 0 : Fail(error));

    private readonly bool Peek(out byte octet)
    {
        octet = _at < _line.Length ? _line[_at] : (byte)0;
        return _at < _line.Length;
    }

    private bool Fail(string error)
    {
        _error = error;
        return false;
    }

    // Reads on as long as there are digits. The number is not complete before something else follows.
    private bool ReadNumber(uint most, string error, out uint number)
    {
        number = 0;
        for (var digits = 0; Peek(out var octet); digits++, _at++)
        {
            if (!char.IsAsciiDigit((char)octet))
            {
                return digits > 0 || Fail(error);
            }

            var hasLeadingZero = digits > 0 && number == 0;
            number = (number * 10) + octet - '0';
            if (hasLeadingZero || number > most)
            {
                return Fail(error);
            }
        }

        return false;
    }
}
