namespace Fulcrum.Protocols.Ldap;

/// <summary>Elements of BER, as far as LDAP uses it (RFC 4511 section 5.1): tags of one octet, definite lengths.</summary>
internal static class BerReader
{
    private const int MostLengthOctets = 4;

    /// <summary>Takes the next element when it is of this tag.</summary>
    public static BerResult Read(ref ReadOnlySpan<byte> from, byte tag, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!from.IsEmpty && from[0] != tag)
        {
            return BerResult.Wrong;
        }

        if (from.Length < 2)
        {
            return BerResult.Short;
        }

        var (length, head) = ((long)from[1], 2);
        if (length >= 0x80)
        {
            var octets = (int)length - 0x80;
            if (octets is 0 or > MostLengthOctets)
            {
                return BerResult.Wrong;
            }

            if (from.Length < head + octets)
            {
                return BerResult.Short;
            }

            length = 0;
            foreach (var octet in from.Slice(head, octets))
            {
                length = (length << 8) | octet;
            }

            head += octets;
        }

        if (from.Length - head < length)
        {
            return BerResult.Short;
        }

        content = from.Slice(head, (int)length);
        from = from[(head + (int)length)..];
        return BerResult.Whole;
    }
}

internal enum BerResult
{
    Whole,
    Short,
    Wrong,
}
