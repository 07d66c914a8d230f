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

    /// <summary>Messages until the session is granted.</summary>
    public const int MaxMessages = 64;

    private const int Version = 3 << 16;
    private const int ShortestLength = 5; // ReadyForQuery.
    private const int HeadLength = 5; // The type, and the length of what is not the type.

    private static readonly byte[] Terminate = [(byte)'X', 0, 0, 0, 4];

    // Classes of errors: no resources, an operator's intervention (also starting up), the system's, its own.
    private static readonly string[] Unavailable = ["53", "57", "58", "XX"];

    private readonly GreetingReader _reader = new(MaxMessage);
    private bool _isGranted;
    private string _version = "session granted";
    private int _messages;

    public ReadOnlyMemory<byte> Start()
    {
        byte[] message = [0, 0, 0, 0, 0, 0, 0, 0, .. "user\0"u8, .. Encoding.UTF8.GetBytes(user), 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), Version);
        return message;
    }

    public GreetingStep Feed(ReadOnlySpan<byte> data) => _reader.Feed(data, Read);

    private GreetingStep Read(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadLength)
        {
            return GreetingStep.Continue;
        }

        var type = (char)bytes[0];
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        if (!(_isGranted ? "ESKZN" : "RENv").Contains(type, StringComparison.Ordinal) || length < ShortestLength)
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
        if (++_messages > MaxMessages)
        {
            return GreetingStep.Bad($"more than {MaxMessages} messages");
        }

        switch (type)
        {
            case 'R':
                return OnAuthentication(payload);
            case 'E':
                return OnError(payload);
            case 'Z':
                return GreetingStep.Good(_version, Terminate);
            case 'S' when payload.StartsWith("server_version\0"u8):
                _version = GreetingReader.Text(payload["server_version".Length..]);
                return GreetingStep.Continue;
            default:
                return GreetingStep.Continue;
        }
    }

    private GreetingStep OnAuthentication(ReadOnlySpan<byte> payload)
    {
        if (!BinaryPrimitives.TryReadInt32BigEndian(payload, out var method))
        {
            return GreetingStep.Bad("not a PostgreSQL server");
        }

        // That we are who we say does not yet mean that there is room for us.
        _isGranted = method == 0;
        return _isGranted ? GreetingStep.Continue : GreetingStep.Good($"authentication by {NameOf(method)}");
    }

    private static string NameOf(int method) =>
        method switch
        {
            3 => "password",
            5 => "MD5",
            7 or 9 => "GSSAPI",
            10 => "SASL",
            _ => $"method {method}",
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
