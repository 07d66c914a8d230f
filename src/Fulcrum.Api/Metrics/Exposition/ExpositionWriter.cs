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
        var to = Begin(name, labels, default, out var length);
        Utf8Formatter.TryFormat(value, to[length..], out var written);
        End(to, length + written);
    }

    public void Sample(ReadOnlySpan<byte> name, ReadOnlySpan<KeyValuePair<string, object?>> labels, double value)
    {
        var to = Begin(name, labels, default, out var length);
        End(to, length + WriteDouble(to[length..], value));
    }

    /// <summary>With one label more, whose value needs no escaping.</summary>
    public void Bucket(
        ReadOnlySpan<byte> name,
        ReadOnlySpan<KeyValuePair<string, object?>> labels,
        string bound,
        long count
    )
    {
        var to = Begin(name, labels, bound, out var length);
        Utf8Formatter.TryFormat(count, to[length..], out var written);
        End(to, length + written);
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
            return Encoding.UTF8.GetBytes(double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf", to);
        }

        value.TryFormat(to, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private Span<byte> Begin(
        ReadOnlySpan<byte> name,
        ReadOnlySpan<KeyValuePair<string, object?>> labels,
        string? bound,
        out int length
    )
    {
        var most = name.Length + Punctuation;
        foreach (var (key, value) in labels)
        {
            // Each letter is three bytes at most, or two when it is escaped.
            most += ((key.Length + TextOf(value).Length) * 3) + 4;
        }

        Reserve(most);
        var to = _memory.Span[_used..];
        name.CopyTo(to);
        length = name.Length;
        if (labels.Length > 0 || bound is not null)
        {
            to[length++] = (byte)'{';
            foreach (var (key, value) in labels)
            {
                length += WriteLabel(to[length..], key, TextOf(value));
                to[length++] = (byte)',';
            }

            length += bound is null ? -1 : WriteLabel(to[length..], HistogramName.Bound, bound);
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
