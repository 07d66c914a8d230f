using System.Buffers;
using System.Globalization;
using System.Text;

namespace Fulcrum.Configuration.Nodes;

/// <summary>
/// Nodes to YAML text as people write it: small objects and lists of scalars on one line, quotes only where YAML (1.1
/// or 1.2) would take the text for something else.
/// </summary>
internal sealed class YamlWriter
{
    private const int LineLength = 100;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-+~@%:*"
    );

    // What YAML 1.1 readers take for truth values or nothing; the rest of the danger lies in the first letter.
    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["true", "false", "yes", "no", "on", "off", "null", "y", "n"],
        StringComparison.OrdinalIgnoreCase
    );

    private readonly StringBuilder _text = new();
    private readonly bool _hasVariables;

    private YamlWriter(bool hasVariables) => _hasVariables = hasVariables;

    /// <param name="hasVariables">Who reads it replaces <c>${NAME}</c>, so that what only looks like it is escaped.</param>
    public static string Write(ConfigNode node, bool hasVariables = true)
    {
        var writer = new YamlWriter(hasVariables);
        if (node is MappingNode { Entries.Count: > 0 } mapping)
        {
            writer.WriteEntries(mapping, 0, false);
        }
        else
        {
            writer._text.Append(writer.Flow(node)).Append('\n');
        }

        return writer._text.ToString();
    }

    private void WriteEntries(MappingNode mapping, int indent, bool continues)
    {
        foreach (var entry in mapping.Entries)
        {
            _text.Append(' ', continues ? 0 : indent).Append(Quote(entry.Key)).Append(':');
            continues = false;
            WriteValue(entry.Value, indent + 2, _text.Length);
        }
    }

    private void WriteValue(ConfigNode node, int indent, int lineEnd)
    {
        var lineStart = LineStart(lineEnd);
        if (FitsOnLine(node, indent, LineLength - (lineEnd - lineStart)) is { } flow)
        {
            _text.Append(flow.Length > 0 ? " " : "").Append(flow).Append('\n');
            return;
        }

        _text.Append('\n');
        if (node is MappingNode mapping)
        {
            WriteEntries(mapping, indent, false);
            return;
        }

        foreach (var item in ((SequenceNode)node).Items)
        {
            _text.Append(' ', indent).Append('-');
            if (
                item is MappingNode { Entries.Count: > 0 } inner
                && FitsOnLine(item, indent, LineLength - indent - 1) is null
            )
            {
                _text.Append(' ');
                WriteEntries(inner, indent + 2, true);
            }
            else
            {
                WriteValue(item, indent + 2, _text.Length);
            }
        }
    }

    private int LineStart(int end)
    {
        while (end > 0 && _text[end - 1] != '\n')
        {
            end--;
        }

        return end;
    }

    // Top-level objects and what they hold go on lines of their own; deeper, what is short stays together.
    private string? FitsOnLine(ConfigNode node, int indent, int room)
    {
        if (node is ScalarNode || IsEmpty(node))
        {
            return Flow(node);
        }

        if (indent <= 2 && node is MappingNode || CountOf(node, room) >= room)
        {
            return null;
        }

        var flow = Flow(node);
        return flow.Length < room ? flow : null;
    }

    // A lower bound of the length, so that large parts are not written twice.
    private static int CountOf(ConfigNode node, int room)
    {
        var count = 0;
        switch (node)
        {
            case ScalarNode scalar:
                return scalar.Text.Length;
            case SequenceNode list:
                foreach (var item in list.Items)
                {
                    count += 2 + CountOf(item, room);
                    if (count > room)
                    {
                        break;
                    }
                }

                break;
            case MappingNode mapping:
                foreach (var entry in mapping.Entries)
                {
                    count += 3 + entry.Key.Length + CountOf(entry.Value, room);
                    if (count > room)
                    {
                        break;
                    }
                }

                break;
        }

        return count;
    }

    private static bool IsEmpty(ConfigNode node) =>
        node is MappingNode { Entries.Count: 0 } or SequenceNode { Items.Count: 0 };

    private string Flow(ConfigNode node) =>
        node switch
        {
            ScalarNode { IsNull: true } => "null",
            ScalarNode { Style: ScalarStyle.Plain } scalar when IsLiteral(scalar.Text) => scalar.Text,
            ScalarNode scalar => Quote(_hasVariables ? Expansion.Escape(scalar.Text) : scalar.Text),
            _ when IsEmpty(node) => node is MappingNode ? "{}" : "[]",
            SequenceNode list => $"[{string.Join(", ", list.Items.Select(Flow))}]",
            _ =>
                $"{{ {string.Join(", ", ((MappingNode)node).Entries.Select(entry => $"{Quote(entry.Key)}: {Flow(entry.Value)}"))} }}",
        };

    private static bool IsLiteral(string text) =>
        text is "true" or "false"
        || (
            text.Length > 0
            && char.IsAsciiDigit(text[^1])
            && decimal.TryParse(
                text,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out _
            )
        );

    private static string Quote(string text)
    {
        var isPlain =
            text.Length > 0
            && !text.AsSpan().ContainsAnyExcept(Plain)
            && (char.IsAsciiLetter(text[0]) || text[0] is '_' or '/')
            && text[^1] != ':'
            && !Words.Contains(text);
        if (isPlain || IsAddress(text))
        {
            return text;
        }

        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' or '\x7f' or (>= '\x80' and <= '\xa0') or '\u2028' or '\u2029' or '\ufeff' => quoted.Append(
                    $"\\u{(int)letter:X4}"
                ),
                _ => quoted.Append(letter),
            };
        }

        return quoted.Append('"').ToString();
    }

    // 10.0.0.1:80 and 192.0.2.0/24 begin with a digit, yet nobody takes them for numbers; 30s neither. 2031-03-01T12:00Z
    // would be a time to some, and is a text.
    private static bool IsAddress(string text) =>
        text.Length > 0
        && char.IsAsciiDigit(text[0])
        && text[^1] != ':'
        && !(text.Length > 4 && text[4] == '-')
        && !text.AsSpan().ContainsAnyExcept(Plain)
        && (text.Count(letter => letter == '.') > 1 || char.IsAsciiLetter(text[^1]) || text[^1] == '%')
        && !text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        && !text.StartsWith("0o", StringComparison.OrdinalIgnoreCase);
}
