using System.Buffers;

namespace Fulcrum.Proxy.AccessLogs;

/// <summary>Bytes of anybody's as text for a line of a log: what is no visible ASCII is written <c>\xNN</c>.</summary>
internal static class VisibleText
{
    /// <param name="others">What else is written so, beside the quotation mark and the backslash.</param>
    public static void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> data, ReadOnlySpan<byte> others = default)
    {
        foreach (var octet in data)
        {
            if (octet is >= 0x20 and < 0x7F and not (byte)'"' and not (byte)'\\' && !others.Contains(octet))
            {
                to.Write([octet]);
            }
            else
            {
                to.Write([(byte)'\\', (byte)'x', Digit(octet >> 4), Digit(octet & 15)]);
            }
        }
    }

    private static byte Digit(int value) => (byte)"0123456789abcdef"[value];
}
