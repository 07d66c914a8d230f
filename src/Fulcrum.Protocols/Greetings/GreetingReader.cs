using System.Text;

namespace Fulcrum.Protocols.Greetings;

/// <summary>
/// Cuts a stream into the messages of a greeting and hands them out one by one; holds what is not yet a message, up to
/// a limit that no message of a well-behaved server reaches.
/// </summary>
internal sealed class GreetingReader(int limit)
{
    // What is told of what a server says.
    private const int LongestText = 200;

    private readonly byte[] _held = new byte[limit];
    private int _count;
    private GreetingStep _step = GreetingStep.Continue;

    /// <summary>
    /// Reads the message that the bytes begin with. What is left of the bytes is the rest; when nothing is taken and
    /// nothing said, more must come. The same beginning must give the same answer, whatever follows it.
    /// </summary>
    public delegate GreetingStep MessageReader(ref ReadOnlySpan<byte> bytes);

    public GreetingStep Feed(ReadOnlySpan<byte> data, MessageReader read)
    {
        ReadOnlyMemory<byte> toSend = default;
        while (!data.IsEmpty && _step.Verdict == GreetingVerdict.Open)
        {
            var part = data[..Math.Min(data.Length, limit - _count)];
            part.CopyTo(_held.AsSpan(_count));
            _count += part.Length;
            data = data[part.Length..];
            toSend = Join(toSend, ReadHeld(read));
        }

        return _step with
        {
            ToSend = toSend,
        };
    }

    private ReadOnlyMemory<byte> ReadHeld(MessageReader read)
    {
        ReadOnlyMemory<byte> toSend = default;
        ReadOnlySpan<byte> rest = _held.AsSpan(0, _count);
        var before = 0;
        do
        {
            before = rest.Length;
            _step = read(ref rest);
            toSend = Join(toSend, _step.ToSend);
        } while (_step.Verdict == GreetingVerdict.Open && rest.Length < before);

        if (_step.Verdict == GreetingVerdict.Open && rest.Length == limit)
        {
            _step = GreetingStep.Bad($"more than {limit} bytes without end");
        }

        rest.CopyTo(_held);
        _count = rest.Length;
        return toSend;
    }

    /// <summary>What a server says, made fit to be told: one line without control characters, not too long.</summary>
    public static string Text(ReadOnlySpan<byte> octets)
    {
        var text = Encoding.UTF8.GetString(octets[..Math.Min(octets.Length, LongestText)]);
        return string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
    }

    private static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second) =>
        first.IsEmpty ? second
        : second.IsEmpty ? first
        : (byte[])[.. first.Span, .. second.Span];
}
