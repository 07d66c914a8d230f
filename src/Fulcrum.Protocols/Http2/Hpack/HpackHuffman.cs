namespace Fulcrum.Protocols.Http2.Hpack;

/// <summary>
/// The Huffman code of RFC 7541 (section 5.2 and appendix B). It is canonical: codes of one length are consecutive
/// numbers in the order of their symbols, and each length goes on where the shorter ones end. So the lengths are the
/// whole table, and a code is found by comparing it with the first one of its length.
/// </summary>
internal static class HpackHuffman
{
    internal const int Shortest = 5;
    private const int Longest = 30;
    private const int EndOfString = 256;

    // A letter for each symbol, the last one for the end of string: A is 5 bits, Z is 30.
    internal const string Lengths =
        "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
        + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIX"
        + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
        + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

    // By length: the first code, how many there are, and where their symbols begin.
    private static readonly (uint First, uint Count, int At)[] Codes = new (uint, uint, int)[Longest + 1];
    private static readonly int[] Symbols = [.. Enumerable.Range(0, Lengths.Length).OrderBy(symbol => Lengths[symbol])];

    static HpackHuffman()
    {
        var (code, at) = (0u, 0);
        for (var length = Shortest; length <= Longest; length++)
        {
            var count = Lengths.Count(letter => letter - 'A' + Shortest == length);
            Codes[length] = (code, (uint)count, at);
            at += count;
            code = (code + (uint)count) << 1;
        }
    }

    /// <summary>Null when these are no codes, or are padded by something else than the beginning of the end of string.</summary>
    public static string? Decode(ReadOnlySpan<byte> coded)
    {
        var text = new char[coded.Length * 8 / Shortest];
        var (count, code, length) = (0, 0u, 0);
        foreach (var octet in coded)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                code = (code << 1) | ((uint)octet >> bit & 1);
                length++;
                var (first, many, at) = Codes[length];
                if (code - first >= many)
                {
                    continue;
                }

                var symbol = Symbols[at + (int)(code - first)];
                if (symbol == EndOfString)
                {
                    return null;
                }

                text[count++] = (char)symbol;
                (code, length) = (0, 0);
            }
        }

        return length < 8 && code == (1u << length) - 1 ? new string(text, 0, count) : null;
    }
}
