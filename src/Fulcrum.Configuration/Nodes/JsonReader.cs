using System.Text;
using System.Text.Json;
using Fulcrum.Configuration.Problems;
using Fulcrum.Model.Problems;

namespace Fulcrum.Configuration.Nodes;

/// <summary>JSON (RFC 8259) to nodes. Positions are followed byte by byte, so a file of one long line costs no more.</summary>
internal ref struct JsonReader
{
    private readonly SourceText _source;
    private readonly NodeBudget _budget;
    private readonly Expansion _expansion;
    private readonly ProblemList _problems;
    private Utf8JsonReader _reader;
    private int _offset;
    private int _line = 1;
    private int _column = 1;

    private JsonReader(SourceText source, NodeBudget budget, Expansion expansion, ProblemList problems)
    {
        _source = source;
        _budget = budget;
        _expansion = expansion;
        _problems = problems;
        // One more than ours, so that it is our message that speaks.
        var options = new JsonReaderOptions { MaxDepth = budget.Limits.Depth + 1 };
        _reader = new Utf8JsonReader(source.Bytes.Span, options);
    }

    /// <summary>A node, or null for a text without content.</summary>
    public static ConfigNode? Read(SourceText source, NodeBudget budget, Expansion expansion, ProblemList problems)
    {
        if (source.Bytes.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return null;
        }

        try
        {
            var reader = new JsonReader(source, budget, expansion, problems);
            reader._reader.Read();
            var node = reader.ReadNode(0);
            // Whatever follows the value makes this throw.
            reader._reader.Read();
            return node;
        }
        catch (JsonException exception)
        {
            throw Translate(exception, source);
        }
    }

    private ConfigNode ReadNode(int depth)
    {
        var position = Advance();
        _budget.Spend(1, position);
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(position, depth + 1),
            JsonTokenType.StartArray => ReadArray(position, depth + 1),
            JsonTokenType.String => _expansion.Apply(TextOf(position), ScalarStyle.Quoted, position),
            _ => new ScalarNode(Encoding.ASCII.GetString(_reader.ValueSpan), ScalarStyle.Plain, position),
        };
    }

    private MappingNode ReadObject(SourcePosition position, int depth)
    {
        _budget.CheckDepth(depth, position);
        var entries = new EntryList(_problems);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var keyPosition = Advance();
            var key = TextOf(keyPosition);
            _reader.Read();
            entries.Add(new(key, keyPosition, ReadNode(depth)));
        }

        return new(entries.ToList(), position);
    }

    private SequenceNode ReadArray(SourcePosition position, int depth)
    {
        _budget.CheckDepth(depth, position);
        var items = new List<ConfigNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadNode(depth));
        }

        return new(items, position);
    }

    private readonly string TextOf(SourcePosition position)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new NodeException(position, "JSON: half of a surrogate pair", @"\u escapes that make up characters");
        }
    }

    private SourcePosition Advance()
    {
        var target = (int)_reader.TokenStartIndex;
        foreach (var octet in _source.Bytes.Span[_offset..target])
        {
            if (octet == '\n')
            {
                _line++;
                _column = 1;
            }
            else if ((octet & 0xC0) != 0x80)
            {
                // Four bytes of UTF-8 are two units of UTF-16.
                _column += octet >= 0xF0 ? 2 : 1;
            }
        }

        _offset = target;
        return new(_source.File, _line, _column);
    }

    private static NodeException Translate(JsonException exception, SourceText source)
    {
        var bytes = source.Bytes.Span;
        var offset = 0;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
        {
            offset += bytes[offset..].IndexOf((byte)'\n') + 1;
        }

        offset = Math.Min(offset + (int)(exception.BytePositionInLine ?? 0), bytes.Length);
        var position = SourceText.PositionOf(source.File, bytes, offset);
        var rest = bytes[offset..];
        if (rest.StartsWith("/"u8) || rest.StartsWith("#"u8))
        {
            return new(position, "JSON: comments are not allowed", "no comments, or YAML");
        }

        var before = bytes[..offset].TrimEnd(" \t\r\n"u8);
        if (before.EndsWith(","u8) && (rest.StartsWith("}"u8) || rest.StartsWith("]"u8)))
        {
            return new(position, "JSON: a comma after the last item");
        }

        // The parser's own sentence, without the numbers it puts behind it.
        var message = exception.Message;
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return new(position, $"JSON: {ScalarNode.Shorten(end < 0 ? message : message[..end], 200).TrimEnd('.')}");
    }
}
