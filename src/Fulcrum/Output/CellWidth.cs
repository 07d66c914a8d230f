using System.Globalization;
using System.Text;

namespace Fulcrum.Output;

/// <summary>
/// How many columns of a terminal a text takes, after wcwidth(3): East Asian wide letters and emoji take two, marks
/// that sit on the letter before them none.
/// </summary>
internal static class CellWidth
{
    // Blocks of Unicode's East_Asian_Width W and F, and of Emoji_Presentation; from, to.
    private static readonly (int From, int To)[] Wide =
    [
        (0x1100, 0x115F),
        (0x231A, 0x231B),
        (0x23E9, 0x23EC),
        (0x25FD, 0x25FE),
        (0x2614, 0x2615),
        (0x2648, 0x2653),
        (0x26AA, 0x26AB),
        (0x26BD, 0x26BE),
        (0x2705, 0x2705),
        (0x274C, 0x274E),
        (0x2753, 0x2757),
        (0x2E80, 0x303E),
        (0x3041, 0xA4CF),
        (0xA960, 0xA97F),
        (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF),
        (0xFE30, 0xFE6F),
        (0xFF00, 0xFF60),
        (0xFFE0, 0xFFE6),
        (0x16FE0, 0x18AFF),
        (0x1B000, 0x1B2FF),
        (0x1F300, 0x1F64F),
        (0x1F680, 0x1F6FF),
        (0x1F900, 0x1F9FF),
        (0x1FA70, 0x1FAFF),
        (0x20000, 0x3FFFD),
    ];

    public static int Of(ReadOnlySpan<char> text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Of(rune);
        }

        return width;
    }

    /// <summary>The longest beginning that takes no more than <paramref name="room"/>.</summary>
    public static string Head(string text, int room)
    {
        var (width, end) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            width += Of(rune);
            if (width > room)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return text[..end];
    }

    /// <summary>The longest end that takes no more than <paramref name="room"/>.</summary>
    public static string Tail(string text, int room)
    {
        var start = 0;
        var width = Of(text);
        foreach (var rune in text.EnumerateRunes())
        {
            // A mark that has lost its letter goes with it.
            if (width <= room && Of(rune) > 0)
            {
                break;
            }

            width -= Of(rune);
            start += rune.Utf16SequenceLength;
        }

        return text[start..];
    }

    private static int Of(Rune rune)
    {
        if (rune.IsAscii)
        {
            return 1;
        }

        if (
            Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
        )
        {
            return 0;
        }

        foreach (var (from, to) in Wide)
        {
            if (rune.Value <= to)
            {
                return rune.Value >= from ? 2 : 1;
            }
        }

        return 1;
    }
}
