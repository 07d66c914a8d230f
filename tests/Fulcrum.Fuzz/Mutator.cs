using System.Text;

namespace Fulcrum.Fuzz;

/// <summary>
/// Makes new inputs from old ones: bits, bytes and ranges change blindly; words, lines and indentation change as in
/// text, with words from the whole corpus, so that much of what comes out still means something.
/// </summary>
internal sealed class Mutator
{
    private const int Largest = 1 << 16;

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "{",
            "}",
            "[",
            "]",
            ":",
            ": ",
            "- ",
            ",",
            "\n",
            "\t",
            "\"",
            "'",
            "#",
            "&a ",
            "*a",
            "!t ",
            "<<: ",
            "|\n",
            ">-\n",
            "---\n",
            "...\n",
            "? ",
            "%YAML 1.2\n",
            "${",
            "${A}",
            "${PORT:-",
            "$${",
            "\0",
            "\\u0000",
            "\ufeff",
            "\u2028",
            "\u0085",
            "~",
            "null",
            "true",
            "0",
            "-1",
            "1e9",
            "99999999999999999999",
            "65536",
            "/33",
            "::",
            "0.0.0.0",
            "*",
            "@",
            "`",
            "=",
            "\r\n",
            "😀",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF],
        [0xC0, 0x80],
        [0xED, 0xA0, 0x80],
    ];

    private readonly Random _random;
    private readonly IReadOnlyList<byte[]> _corpus;
    private readonly byte[][] _words;

    public Mutator(int seed, IReadOnlyList<byte[]> corpus)
    {
        _random = new Random(seed);
        _corpus = corpus;
        _words = [.. corpus.SelectMany(Words).DistinctBy(Convert.ToHexString)];
    }

    public byte[] Next()
    {
        var input = new List<byte>(_corpus[_random.Next(_corpus.Count)]);
        for (var count = _random.Next(1, 7); count > 0; count--)
        {
            Mutate(input);
        }

        return [.. input.Take(Largest)];
    }

    private void Mutate(List<byte> input)
    {
        var at = _random.Next(input.Count + 1);
        switch (_random.Next(9))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)_random.Next(256);
                break;
            case 2:
                input.RemoveRange(at, Length(input, at));
                break;
            case 3:
                input.InsertRange(_random.Next(input.Count + 1), input.GetRange(at, Length(input, at)));
                break;
            case 4:
                input.InsertRange(at, Tokens[_random.Next(Tokens.Length)]);
                break;
            case 5:
                Splice(input, at);
                break;
            case 6 or 7:
                ReplaceWord(input, at);
                break;
            default:
                Indent(input, at);
                break;
        }
    }

    private int Length(List<byte> input, int at) => Math.Min(input.Count - at, 1 << _random.Next(10));

    private void Splice(List<byte> input, int at)
    {
        var other = _corpus[_random.Next(_corpus.Count)];
        var from = _random.Next(other.Length + 1);
        input.RemoveRange(at, Length(input, at));
        input.InsertRange(at, other[from..Math.Min(other.Length, from + (1 << _random.Next(12)))]);
    }

    private void ReplaceWord(List<byte> input, int at)
    {
        var start = input.FindIndex(at, IsWord);
        if (start < 0 || _words.Length == 0)
        {
            return;
        }

        var end = input.FindIndex(start, octet => !IsWord(octet));
        input.RemoveRange(start, (end < 0 ? input.Count : end) - start);
        input.InsertRange(start, _words[_random.Next(_words.Length)]);
    }

    // What a line belongs to, in YAML, is its indentation.
    private void Indent(List<byte> input, int at)
    {
        var line = input.IndexOf((byte)'\n', at) + 1;
        if (_random.Next(2) == 0)
        {
            input.InsertRange(line, "  "u8.ToArray());
        }
        else if (line + 1 < input.Count && input[line] == ' ')
        {
            input.RemoveAt(line);
        }
    }

    private static IEnumerable<byte[]> Words(byte[] text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && IsWord(text[i]);
            if (inside && start < 0)
            {
                start = i;
            }
            else if (!inside && start >= 0)
            {
                yield return text[start..i];
                start = -1;
            }
        }
    }

    private static bool IsWord(byte octet) =>
        char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'_' or (byte)'.';
}
