using Fulcrum.Protocols.Greetings;

namespace Fulcrum.Protocols.Redis;

/// <summary>
/// Asks a Redis server, or one that speaks like it, with <c>PING</c> (RESP). <c>PONG</c> is good, and so is that we
/// must first say who we are: a server that cannot serve says so before (<c>LOADING</c>, <c>MASTERDOWN</c>, too many
/// clients, protected mode).
/// </summary>
public sealed class RedisGreeting : IGreeting
{
    /// <summary>Bytes of the one line that answers.</summary>
    public const int MaxLine = 1024;

    private readonly GreetingReader _reader = new(MaxLine);

    public ReadOnlyMemory<byte> Start() => "PING\r\n"u8.ToArray();

    public GreetingStep Feed(ReadOnlySpan<byte> data) => _reader.Feed(data, Read);

    private static GreetingStep Read(ref ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && bytes[0] is not ((byte)'+' or (byte)'-'))
        {
            return GreetingStep.Bad("not a Redis server");
        }

        var end = bytes.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return GreetingStep.Continue;
        }

        var line = bytes[..end];
        var text = GreetingReader.Text(line[1..]);
        return line.SequenceEqual("+PONG"u8) || line.StartsWith("-NOAUTH "u8) || line.StartsWith("-NOPERM "u8)
            ? GreetingStep.Good(text)
            : GreetingStep.Bad(text);
    }
}
