using System.Buffers;
using System.Text;
using Fulcrum.Protocols.Http2.Hpack;

namespace Fulcrum.Protocols.Tests.Http2;

/// <summary>Writes each field in one of all the ways there are, by chance.</summary>
internal sealed class PlayfulHpackEncoder(Random random)
{
    private readonly HpackTable _table = new();
    private readonly Dictionary<char, string> _codes = HuffmanCodes();

    public byte[] Encode(IEnumerable<(string Name, string Value)> fields)
    {
        var block = new ArrayBufferWriter<byte>();
        for (var updates = random.Next(3); updates > 0; updates--)
        {
            var limit = random.Next(HpackTable.MaxSize + 1);
            HpackInteger.Write(block, 0x20, 5, limit);
            Assert.True(_table.Resize(limit));
        }

        foreach (var field in fields)
        {
            Write(block, field);
        }

        return block.WrittenSpan.ToArray();
    }

    private void Write(ArrayBufferWriter<byte> block, (string Name, string Value) field)
    {
        if (Find(known => known == field) is > 0 and var whole && random.Next(4) > 0)
        {
            HpackInteger.Write(block, 0x80, 7, whole);
            return;
        }

        var name = random.Next(2) == 0 ? 0 : Find(known => known.Name == field.Name);
        var (pattern, bits) = random.Next(3) switch
        {
            0 => (0x40, 6),
            1 => (0x10, 4),
            _ => (0, 4),
        };
        HpackInteger.Write(block, (byte)pattern, bits, name);
        if (name == 0)
        {
            WriteString(block, field.Name);
        }

        WriteString(block, field.Value);
        if (pattern == 0x40)
        {
            _table.Add(field);
        }
    }

    private int Find(Predicate<(string Name, string Value)> wanted)
    {
        var found = new List<int>();
        for (var index = 1; _table[index] is { } field; index++)
        {
            if (wanted(field))
            {
                found.Add(index);
            }
        }

        return found.Count == 0 ? 0 : found[random.Next(found.Count)];
    }

    private void WriteString(ArrayBufferWriter<byte> block, string text)
    {
        var isHuffman = random.Next(2) == 0;
        var octets = isHuffman ? Huffman(text) : Encoding.Latin1.GetBytes(text);
        HpackInteger.Write(block, (byte)(isHuffman ? 0x80 : 0), 7, octets.Length);
        block.Write(octets);
    }

    private byte[] Huffman(string text)
    {
        var bits = string.Concat(text.Select(symbol => _codes[symbol]));
        return
        [
            .. bits.PadRight((bits.Length + 7) / 8 * 8, '1')
                .Chunk(8)
                .Select(octet => Convert.ToByte(new string(octet), 2)),
        ];
    }

    private static Dictionary<char, string> HuffmanCodes()
    {
        var codes = new Dictionary<char, string>();
        var (code, length) = (0L, HpackHuffman.Shortest);
        foreach (var (symbol, letter) in HpackHuffman.Lengths.Index().OrderBy(pair => pair.Item))
        {
            var next = letter - 'A' + HpackHuffman.Shortest;
            code <<= next - length;
            length = next;
            codes[(char)symbol] = Convert.ToString(code, 2).PadLeft(length, '0');
            code++;
        }

        return codes;
    }
}
