using System.Buffers.Binary;
using System.Text;
using Fulcrum.Protocols.Greetings;

namespace Fulcrum.Protocols.PostgreSql;

/// <summary>
/// Asks a PostgreSQL server to begin a session (protocol 3.0). Whatever way it wants us to prove who we are, it
/// serves; so it does when it refuses the user or the database. Bad is an error that says that it takes nobody, by
/// its SQLSTATE: it starts or shuts down (57P03), it has too many clients (53300), and their like.
/// <para>
/// A client that goes away when it is asked for a password leaves no trace in the server's log; one that takes leave
/// at that point does. So only a session that was granted is terminated by a message.
/// </para>
/// </summary>
/// <param name="user">Who wants to come in; the database is that of the same name.</param>
public sealed class PostgreSqlGreeting(string user = "fulcrum") : IGreeting
{
    /// <summary>Bytes of a message with its type.</summary>
    public const int MaxMessage = 4096;

    private const int Version = 3 << 16;
    private const int HeadLength = 5; // The type, and the length of what is not the type.

    private static readonly byte[] Terminate = [(byte)'X', 0, 0, 0, 4];

    // Classes of errors: no resources, an operator's intervention (also starting up), the system's, its own.
    private static readonly string[] Unavailable = ["53", "57", "58", "XX"];

    private readonly GreetingReader _reader = new(MaxMessage);

    public ReadOnlyMemory<byte> Start()
    {
        byte[] message = [0, 0, 0, 0, 0, 0, 0, 0, .. "user\0"u8, .. Encoding.UTF8.GetBytes(user), 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), Version);
        return message;
    }

    public GreetingStep Feed(ReadOnlySpan<byte> data) => _reader.Feed(data, Read);

    private static GreetingStep Read(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadLength)
        {
            return GreetingStep.Continue;
        }

        var type = (char)bytes[0];
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        if (!"RENv".Contains(type, StringComparison.Ordinal) || length < 8)
        {
            return GreetingStep.Bad("not a PostgreSQL server");
        }

        if (length >= MaxMessage)
        {
            return type == 'E' ? OnOldError(bytes) : GreetingStep.Bad("not a PostgreSQL server");
        }

        if (bytes.Length < 1 + length)
        {
            return GreetingStep.Continue;
        }

        var payload = bytes[HeadLength..(1 + length)];
        bytes = bytes[(1 + length)..];
        return type switch
        {
            'R' => OnAuthentication(BinaryPrimitives.ReadInt32BigEndian(payload)),
            'E' => OnError(payload),
            _ => GreetingStep.Continue, // A notice, or that it speaks no newer minor version.
        };
    }

    private static GreetingStep OnAuthentication(int method) =>
        method switch
        {
            0 => GreetingStep.Good("authentication ok", Terminate),
            3 => GreetingStep.Good("authentication by password"),
            5 => GreetingStep.Good("authentication by MD5"),
            7 or 9 => GreetingStep.Good("authentication by GSSAPI"),
            10 => GreetingStep.Good("authentication by SASL"),
            _ => GreetingStep.Good($"authentication {method}"),
        };

    // Fields are a letter and a text that ends with zero: V is the severity in English, C the SQLSTATE, M the message.
    private static GreetingStep OnError(ReadOnlySpan<byte> fields)
    {
        var (severity, code, message) = ("ERROR", "", "");
        while (fields.IndexOf((byte)0) is var end and > 0)
        {
            var text = GreetingReader.Text(fields[1..end]);
            _ = (char)fields[0] switch
            {
                'V' => severity = text,
                'C' => code = text,
                'M' => message = text,
                _ => text,
            };
            fields = fields[(end + 1)..];
        }

        var said = $"{severity}: {message} ({code})";
        return Array.Exists(Unavailable, start => code.StartsWith(start, StringComparison.Ordinal))
            ? GreetingStep.Bad(said)
            : GreetingStep.Good(said);
    }

    // A server that cannot even begin a process says so in the protocol's old form: a line without length.
    private static GreetingStep OnOldError(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return end < 0 ? GreetingStep.Continue : GreetingStep.Bad(GreetingReader.Text(bytes[1..end]));
    }
}
