using System.Buffers;

namespace Fulcrum.Protocols.Http2.Hpack;

/// <summary>Integers in the last bits of an octet and, when they do not fit, in those that follow (RFC 7541 section 5.1).</summary>
internal static class HpackInteger
{
    // More than anything here can be, with room for the sum.
    private const int MostBits = 28;

    public static bool TryRead(ref ReadOnlySpan<byte> from, int prefixBits, out int value)
    {
        value = 0;
        if (from.IsEmpty)
        {
            return false;
        }

        var mask = (1 << prefixBits) - 1;
        value = from[0] & mask;
        from = from[1..];
        if (value < mask)
        {
            return true;
        }

        for (var shift = 0; shift < MostBits && !from.IsEmpty; shift += 7)
        {
            var octet = from[0];
            from = from[1..];
            value += (octet & 0x7F) << shift;
            if (octet < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="pattern">The bits before the prefix.</param>
    public static void Write(ArrayBufferWriter<byte> to, byte pattern, int prefixBits, int value)
    {
        var mask = (1 << prefixBits) - 1;
        if (value < mask)
        {
            to.Write([(byte)(pattern | value)]);
            return;
        }

        to.Write([(byte)(pattern | mask)]);
        for (value -= mask; value >= 0x80; value >>= 7)
        {
            to.Write([(byte)(value | 0x80)]);
        }

        to.Write([(byte)value]);
    }
}
