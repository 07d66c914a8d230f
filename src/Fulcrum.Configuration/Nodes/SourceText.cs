using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Fulcrum.Model.Problems;

namespace Fulcrum.Configuration.Nodes;

/// <summary>The bytes of one text, checked to be UTF-8; a byte order mark is dropped.</summary>
internal sealed class SourceText
{
    // YamlDotNet takes NUL for the end of the text: what follows would be silently ignored.
    private static readonly SearchValues<char> Forbidden = SearchValues.Create([
        .. Enumerable.Range(0, 32).Select(code => (char)code).Except(['\t', '\n', '\r']),
        '\x7f',
    ]);

    private SourceText(string file, ReadOnlyMemory<byte> bytes)
    {
        File = file;
        Bytes = bytes;
    }

    /// <summary>What messages call it.</summary>
    public string File { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static SourceText From(string file, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            bytes = bytes[3..];
        }

        if (!Utf8.IsValid(bytes.Span))
        {
            var at = FirstInvalid(bytes.Span);
            throw new NodeException(PositionOf(file, bytes.Span, at), "the text is not valid UTF-8");
        }

        return new(file, bytes);
    }

    /// <summary>The text as UTF-16; control characters, which no such text holds, are refused.</summary>
    public string ToText()
    {
        var text = Encoding.UTF8.GetString(Bytes.Span);
        var at = text.AsSpan().IndexOfAny(Forbidden);
        if (at >= 0)
        {
            var position = PositionOf(File, Bytes.Span, Encoding.UTF8.GetByteCount(text.AsSpan(0, at)));
            throw new NodeException(position, $"control character U+{(int)text[at]:X4}");
        }

        return text;
    }

    /// <summary>Line and column of a byte.</summary>
    public static SourcePosition PositionOf(string file, ReadOnlySpan<byte> bytes, int offset)
    {
        var before = bytes[..offset];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[lineStart..]) + 1;
        return new(file, before.Count((byte)'\n') + 1, column);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
