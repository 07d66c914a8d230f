namespace Fulcrum.Protocols.ProxyHeaders;

internal ref partial struct ProxyTextReader
{
    private const string NoIPv4 = "an IPv4 address has four numbers up to 255 without leading zeros";
    private const string NoIPv6 = "this is no IPv6 address";

    private bool ReadAddress(ProxyFamily family, out UInt128 bits)
    {
        if (family == ProxyFamily.IPv6)
        {
            return ReadIPv6(out bits);
        }

        var isRead = ReadIPv4(out var address);
        bits = address;
        return isRead;
    }

    private bool ReadIPv4(out uint bits)
    {
        bits = 0;
        for (var part = 0; part < 4; part++)
        {
            if ((part > 0 && !Skip((byte)'.', NoIPv4)) || !ReadNumber(byte.MaxValue, NoIPv4, out var number))
            {
                return false;
            }

            bits = (bits << 8) | number;
        }

        return true;
    }

    // Many senders write a mapped address with an IPv4 address at its end (RFC 4291 section 2.2), so that is read too.
    private bool ReadIPv6(out UInt128 bits)
    {
        bits = 0;
        var groups = new IPv6Groups();
        for (; Peek(out var octet); _at++)
        {
            if (octet == '.')
            {
                if (!groups.CanEndInIPv4)
                {
                    return Fail(NoIPv6);
                }

                _at -= groups.Digits;
                var isRead = ReadIPv4(out var embedded);
                bits = groups.EndInIPv4(embedded);
                return isRead;
            }

            var isPart = char.IsAsciiHexDigit((char)octet) || octet == ':';
            if (isPart ? !groups.Add(octet) : !groups.TryEnd(out bits))
            {
                return Fail(NoIPv6);
            }

            if (!isPart)
            {
                return true;
            }
        }

        return false;
    }
}
