using System.Text;

namespace Fulcrum.Protocols.Http2.Hpack;

/// <summary>
/// Reads header blocks of one direction of a connection (HPACK, RFC 7541). Octets become the characters of the same
/// number, so nothing is lost and sizes agree.
/// </summary>
internal sealed class HpackDecoder(int listLimit)
{
    private readonly HpackTable _table = new();

    /// <summary>Why the last block cannot be read; nothing after it can be, either.</summary>
    public string? Error { get; private set; }

    /// <summary>The fields of a whole block; null when it is malformed or its list is larger than the limit.</summary>
    public List<(string Name, string Value)>? Decode(ReadOnlySpan<byte> block)
    {
        var fields = new List<(string Name, string Value)>();
        var size = 0;
        while (!block.IsEmpty)
        {
            var first = block[0];
            if (first is >= 0x20 and < 0x40)
            {
                // A size update stands before the first field only (section 4.2).
                if (fields.Count > 0 || !HpackInteger.TryRead(ref block, 5, out var limit) || !_table.Resize(limit))
                {
                    return Fail("wrong change of the table's size");
                }

                continue;
            }

            if (ReadField(ref block, first) is not { } field)
            {
                return Fail("wrong field");
            }

            size += HpackTable.SizeOf(field);
            if (size > listLimit)
            {
                return Fail($"the list is larger than {listLimit} bytes");
            }

            fields.Add(field);
        }

        return fields;
    }

    private (string Name, string Value)? ReadField(ref ReadOnlySpan<byte> block, byte first)
    {
        // Section 6.1: all of it is an index.
        if (first >= 0x80)
        {
            return HpackInteger.TryRead(ref block, 7, out var index) ? _table[index] : null;
        }

        // Section 6.2: a literal value; with 01 to be remembered, with 0000 or 0001 not.
        var isIndexed = first >= 0x40;
        if (!HpackInteger.TryRead(ref block, isIndexed ? 6 : 4, out var nameIndex))
        {
            return null;
        }

        var name = nameIndex == 0 ? ReadString(ref block) : _table[nameIndex]?.Name;
        if (name is null || ReadString(ref block) is not { } value)
        {
            return null;
        }

        if (isIndexed)
        {
            _table.Add((name, value));
        }

        return (name, value);
    }

    private static string? ReadString(ref ReadOnlySpan<byte> block)
    {
        var isHuffman = !block.IsEmpty && block[0] >= 0x80;
        if (!HpackInteger.TryRead(ref block, 7, out var length) || length > block.Length)
        {
            return null;
        }

        var octets = block[..length];
        block = block[length..];
        return isHuffman ? HpackHuffman.Decode(octets) : Encoding.Latin1.GetString(octets);
    }

    private List<(string Name, string Value)>? Fail(string what)
    {
        Error = what;
        return null;
    }
}
