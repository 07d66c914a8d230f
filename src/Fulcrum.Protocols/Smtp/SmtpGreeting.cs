using System.Buffers.Text;
using System.Text;
using Fulcrum.Protocols.Greetings;

namespace Fulcrum.Protocols.Smtp;

/// <summary>
/// Waits for a mail server's greeting, says <c>EHLO</c> and <c>QUIT</c> (RFC 5321 sections 3.1, 3.2 and 4.1.1). Good
/// is 220, then 250; every line of a reply but the last has a hyphen behind its code (section 4.2.1).
/// </summary>
/// <param name="name">Who we say we are, a domain or an address literal.</param>
public sealed class SmtpGreeting(string name) : IGreeting
{
    /// <summary>Bytes of a line; the standard has 512 (section 4.5.3.1.5).</summary>
    public const int MaxLine = 1024;

    /// <summary>Lines of both replies together.</summary>
    public const int MaxLines = 128;

    private static readonly byte[] Quit = [.. "QUIT\r\n"u8];

    private readonly GreetingReader _reader = new(MaxLine);
    private string? _greeting;
    private int _lines;

    /// <summary>Nothing: the server speaks first.</summary>
    public ReadOnlyMemory<byte> Start() => default;

    public GreetingStep Feed(ReadOnlySpan<byte> data) => _reader.Feed(data, Read);

    private GreetingStep Read(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            return GreetingStep.Continue;
        }

        var line = bytes[..end].TrimEnd((byte)'\r');
        bytes = bytes[(end + 1)..];
        if (
            line.Length < 3
            || (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-'))
            || !Utf8Parser.TryParse(line[..3], out int code, out var used)
            || used != 3
            || code is < 200 or > 599
        )
        {
            return GreetingStep.Bad("not a mail server");
        }

        return code != (_greeting is null ? 220 : 250) ? GreetingStep.Bad(GreetingReader.Text(line), Quit)
            : ++_lines > MaxLines ? GreetingStep.Bad($"more than {MaxLines} lines", Quit)
            : line.Length > 3 && line[3] == '-' ? GreetingStep.Continue
            : OnReply(line);
    }

    private GreetingStep OnReply(ReadOnlySpan<byte> line)
    {
        if (_greeting is not null)
        {
            return GreetingStep.Good(_greeting, Quit);
        }

        _greeting = GreetingReader.Text(line[Math.Min(4, line.Length)..]);
        return GreetingStep.Send(Encoding.ASCII.GetBytes($"EHLO {name}\r\n"));
    }
}
