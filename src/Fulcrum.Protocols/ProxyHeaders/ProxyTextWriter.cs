using System.Buffers.Text;

namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>
/// Writes version 1: one line that says who the client is and whom it reached. Addresses of two families are both
/// written as IPv6, an IPv4 address in its mapped form; two that have an IPv4 form are written in that, whichever kind
/// of socket showed them. What is no TCP over IP has no line of its own and becomes UNKNOWN.
/// </summary>
public static class ProxyTextWriter
{
    /// <summary>The most bytes of a line.</summary>
    public const int MaxLength = ProxyText.MaxLength;

    /// <summary>Writes a line into at least <see cref="MaxLength"/> bytes; returns its length.</summary>
    public static int Write(Span<byte> destination, ProxyAddress source, ProxyAddress target)
    {
        var family = ProxyAddress.Common(source, target);
        if (family == ProxyFamily.Unspecified)
        {
            return WriteUnknown(destination);
        }

        var length = Append(destination, 0, ProxyText.Signature);
        length = Append(destination, length, family == ProxyFamily.IPv4 ? ProxyText.Tcp4 : ProxyText.Tcp6);
        length = AppendAddress(destination, length, family, source);
        length = Append(destination, length, " "u8);
        length = AppendAddress(destination, length, family, target);
        length = Append(destination, length, " "u8);
        length = AppendNumber(destination, length, source.Port);
        length = Append(destination, length, " "u8);
        length = AppendNumber(destination, length, target.Port);
        return Append(destination, length, ProxyText.End);
    }

    /// <summary>
    /// The line that says nothing but that a proxy speaks, as for a health check of its own. Some servers refuse it:
    /// where the real end points are known, a line with them is the better one (section 2.1).
    /// </summary>
    public static int WriteUnknown(Span<byte> destination)
    {
        var length = Append(destination, 0, ProxyText.Signature);
        length = Append(destination, length, ProxyText.Unknown);
        return Append(destination, length, ProxyText.End);
    }

    private static int Append(Span<byte> destination, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination[at..]);
        return at + text.Length;
    }

    private static int AppendNumber(Span<byte> destination, int at, uint number, char format = 'D')
    {
        _ = Utf8Formatter.TryFormat(number, destination[at..], out var written, format);
        return at + written;
    }

    private static int AppendAddress(Span<byte> destination, int at, ProxyFamily family, ProxyAddress address)
    {
        if (family == ProxyFamily.IPv6)
        {
            return AppendIPv6(destination, at, address.V6Bits);
        }

        for (var shift = 24; shift >= 0; shift -= 8)
        {
            at = AppendNumber(destination, at, (address.V4Bits >> shift) & 0xff);
            at = shift > 0 ? Append(destination, at, "."u8) : at;
        }

        return at;
    }

    // RFC 5952: lower case, no leading zeros, and the first of the longest runs of two zero groups or more is left out.
    // The line has no form with an IPv4 address at the end.
    private static int AppendIPv6(Span<byte> destination, int at, UInt128 bits)
    {
        var (gap, gapLength) = LongestZeros(bits);
        for (var index = 0; index < 8; index++)
        {
            if (index == gap)
            {
                at = Append(destination, at, "::"u8);
                index += gapLength - 1;
                continue;
            }

            at = index > 0 && index != gap + gapLength ? Append(destination, at, ":"u8) : at;
            at = AppendNumber(destination, at, Group(bits, index), 'x');
        }

        return at;
    }

    private static (int At, int Length) LongestZeros(UInt128 bits)
    {
        var (longestAt, longest) = (-1, 1);
        var run = 0;
        for (var index = 0; index < 8; index++)
        {
            run = Group(bits, index) == 0 ? run + 1 : 0;
            if (run > longest)
            {
                (longestAt, longest) = (index - run + 1, run);
            }
        }

        return (longestAt, longestAt < 0 ? 0 : longest);
    }

    private static uint Group(UInt128 bits, int index) => (uint)(bits >> (112 - (16 * index))) & 0xffff;
}
