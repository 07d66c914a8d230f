using System.Buffers;
using System.Text;

namespace Fulcrum.Protocols.Http2.Hpack;

/// <summary>
/// Writes a header block without memory: every field is a literal that is not to be indexed (RFC 7541 section 6.2.2),
/// its name by number where the static table has it. Whatever table the peer offers is left unused.
/// </summary>
internal static class HpackEncoder
{
    public static byte[] Encode(IEnumerable<(string Name, string Value)> fields)
    {
        var block = new ArrayBufferWriter<byte>();
        foreach (var (name, value) in fields)
        {
            var index = HpackTable.StaticIndexOf(name);
            HpackInteger.Write(block, 0, 4, index);
            if (index == 0)
            {
                WriteString(block, name);
            }

            WriteString(block, value);
        }

        return block.WrittenSpan.ToArray();
    }

    private static void WriteString(ArrayBufferWriter<byte> block, string text)
    {
        HpackInteger.Write(block, 0, 7, text.Length);
        block.Write(Encoding.Latin1.GetBytes(text));
    }
}
