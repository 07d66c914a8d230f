using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Fulcrum.Api.Metrics.Exposition;

/// <summary>
/// Writes samples as text, straight into the response: no string is made on the way. A page of a large node is some
/// fifty megabytes, so each sample is looked at once and each byte written once.
/// </summary>
internal sealed class ExpositionWriter(PipeWriter output)
{
    private const int Piece = 16 * 1024;

    /// <summary>Quotes, braces, a number, and what stands between.</summary>
    private const int Punctuation = 64;

    // In a label's value these three are escaped, in HELP the quote is not (OpenMetrics section 4.1.1, text format 0.0.4).
    private static readonly SearchValues<char> Special = SearchValues.Create("\\\n\"");

    private Memory<byte> _memory;
    private byte[] _labels = new byte[256];
    private int _used;

    /// <summary>Samples so far.</summary>
    public long Samples { get; private set; }

    public void Line(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length) + 1);
        var to = _memory.Span[_used..];
        var length = Encoding.UTF8.GetBytes(text, to);
        to[length] = (byte)'\n';
        _used += length + 1;
    }

    /// <summary>One line; escapes what HELP must not hold.</summary>
    public void Help(string name, string text) =>
        Line(
            $"# HELP {name} {text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}"
        );

    public void Sample(ReadOnlySpan<byte> name, ReadOnlySpan<KeyValuePair<string, object?>> labels, long value)
    {
        var to = Begin(name, labels, out var length);
        Utf8Formatter.TryFormat(value, to[length..], out var written);
        End(to, length + written);
    }

    public void Sample(ReadOnlySpan<byte> name, ReadOnlySpan<KeyValuePair<string, object?>> labels, double value)
    {
        var to = Begin(name, labels, out var length);
        End(to, length + WriteDouble(to[length..], value));
    }

    /// <summary>Buckets, count and sum of one set of labels, which is written out once.</summary>
    /// <param name="counts">Cumulative; the last is the count.</param>
    public void Histogram(
        HistogramLines lines,
        ReadOnlySpan<KeyValuePair<string, object?>> labels,
        ReadOnlySpan<long> counts,
        double sum
    )
    {
        Reserve(MostBytes(labels));
        // Behind what counts as written, in the memory that is there.
        var text = _memory.Span.Slice(_used, WriteLabels(_memory.Span[_used..], labels));
        var copy = _labels.Length >= text.Length ? _labels : _labels = new byte[text.Length * 2];
        text.CopyTo(copy);
        text = copy.AsSpan(0, text.Length);
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            var to = Begin(lines.Bucket, text, lines.Bounds[bucket], out var length);
            Utf8Formatter.TryFormat(counts[bucket], to[length..], out var written);
            End(to, length + written);
        }

        var line = Begin(lines.Count, text, default, out var used);
        Utf8Formatter.TryFormat(counts[^1], line[used..], out var digits);
        End(line, used + digits);
        line = Begin(lines.Sum, text, default, out used);
        End(line, used + WriteDouble(line[used..], sum));
    }

    /// <summary>Hands over what was written; true: somebody still reads.</summary>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellation)
    {
        HandOver();
        return !(await output.FlushAsync(cancellation)).IsCompleted;
    }

    private static int WriteDouble(Span<byte> to, double value)
    {
        if (!double.IsFinite(value))
        {
            return Encoding.UTF8.GetBytes(
                double.IsNaN(value) ? "NaN"
                    : value > 0 ? "+Inf"
                    : "-Inf",
                to
            );
        }

        value.TryFormat(to, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private Span<byte> Begin(
        ReadOnlySpan<byte> name,
        ReadOnlySpan<KeyValuePair<string, object?>> labels,
        out int length
    )
    {
        Reserve(name.Length + MostBytes(labels));
        var to = _memory.Span[_used..];
        name.CopyTo(to);
        length = name.Length;
        if (labels.Length > 0)
        {
            to[length++] = (byte)'{';
            length += WriteLabels(to[length..], labels);
            to[length++] = (byte)'}';
        }

        to[length++] = (byte)' ';
        return to;
    }

    /// <param name="labels">As they stand between the braces.</param>
    /// <param name="bound">The same, of a bucket; empty: it is none.</param>
    private Span<byte> Begin(
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> labels,
        ReadOnlySpan<byte> bound,
        out int length
    )
    {
        Reserve(name.Length + labels.Length + bound.Length + Punctuation);
        var to = _memory.Span[_used..];
        name.CopyTo(to);
        length = name.Length;
        if (labels.Length + bound.Length > 0)
        {
            to[length++] = (byte)'{';
            labels.CopyTo(to[length..]);
            length += labels.Length;
            if (labels.Length > 0 && bound.Length > 0)
            {
                to[length++] = (byte)',';
            }

            bound.CopyTo(to[length..]);
            length += bound.Length;
            to[length++] = (byte)'}';
        }

        to[length++] = (byte)' ';
        return to;
    }

    private void End(Span<byte> to, int length)
    {
        to[length] = (byte)'\n';
        _used += length + 1;
        Samples++;
    }

    private static int MostBytes(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var most = Punctuation;
        foreach (var (key, value) in labels)
        {
            // Each letter is three bytes at most, or two when it is escaped.
            most += ((key.Length + TextOf(value).Length) * 3) + 4;
        }

        return most;
    }

    private static int WriteLabels(Span<byte> to, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var length = 0;
        foreach (var (key, value) in labels)
        {
            if (length > 0)
            {
                to[length++] = (byte)',';
            }

            length += WriteLabel(to[length..], key, TextOf(value));
        }

        return length;
    }

    private static int WriteLabel(Span<byte> to, string key, string value)
    {
        var length = Encoding.UTF8.GetBytes(key, to);
        to[length++] = (byte)'=';
        to[length++] = (byte)'"';
        length += Write(to[length..], value);
        to[length++] = (byte)'"';
        return length;
    }

    private static int Write(Span<byte> to, ReadOnlySpan<char> text)
    {
        var length = 0;
        while (text.IndexOfAny(Special) is >= 0 and var at)
        {
            length += Encoding.UTF8.GetBytes(text[..at], to[length..]);
            to[length++] = (byte)'\\';
            to[length++] = text[at] == '\n' ? (byte)'n' : (byte)text[at];
            text = text[(at + 1)..];
        }

        return length + Encoding.UTF8.GetBytes(text, to[length..]);
    }

    private static string TextOf(object? value) =>
        value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private void Reserve(int bytes)
    {
        if (_memory.Length - _used < bytes)
        {
            HandOver();
            _memory = output.GetMemory(Math.Max(bytes, Piece));
        }
    }

    private void HandOver()
    {
        if (_used > 0)
        {
            output.Advance(_used);
        }

        (_memory, _used) = (default, 0);
    }
}
