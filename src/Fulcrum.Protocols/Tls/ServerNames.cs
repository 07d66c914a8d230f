namespace Fulcrum.Protocols.Tls;

/// <summary>The extension server_name: a list of names of which only one kind has ever been there (RFC 6066 section 3).</summary>
internal static class ServerNames
{
    /// <summary>The longest host name, with a dot at its end.</summary>
    public const int MaxLength = 254;

    private const byte HostName = 0;
    private const int MaxLabel = 63;

    /// <summary>The host name of the list, written into <paramref name="scratch"/> as it is compared.</summary>
    /// <returns>What is wrong.</returns>
    public static string? Read(ReadOnlySpan<byte> extension, Span<byte> scratch, out ReadOnlySpan<byte> name)
    {
        name = [];
        var cursor = new TlsCursor(extension);
        var list = new TlsCursor(cursor.ReadLong());
        if (cursor.IsCutShort || !cursor.IsAtEnd || list.IsAtEnd)
        {
            return "the list of server names is broken";
        }

        while (!list.IsAtEnd)
        {
            var type = list.ReadByte();
            var value = list.ReadLong();
            if (list.IsCutShort)
            {
                return "the list of server names is broken";
            }

            if (type != HostName)
            {
                continue;
            }

            if (!name.IsEmpty)
            {
                return "there are two server names";
            }

            if (!TryNormalize(value, scratch, out name))
            {
                return "the server name is no host name";
            }
        }

        return name.IsEmpty ? "the list of server names has no host name" : null;
    }

    // Letters, digits and hyphens, and the underscore, which no host name has (RFC 952) and which clients use all the
    // same. Nothing else may get into a table, a log or a comparison.
    private static bool TryNormalize(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> name)
    {
        name = [];
        value = value.EndsWith("."u8) ? value[..^1] : value;
        if (value.Length is 0 or >= MaxLength)
        {
            return false;
        }

        var label = 0;
        for (var at = 0; at < value.Length; at++)
        {
            var character = (char)value[at];
            var isDot = character == '.';
            if (!isDot && !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return false;
            }

            if (isDot ? label == 0 : label == MaxLabel)
            {
                return false;
            }

            label = isDot ? 0 : label + 1;
            scratch[at] = (byte)char.ToLowerInvariant(character);
        }

        name = scratch[..value.Length];
        return label > 0;
    }
}
