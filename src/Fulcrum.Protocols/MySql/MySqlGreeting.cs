using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Fulcrum.Protocols.Greetings;

namespace Fulcrum.Protocols.MySql;

/// <summary>
/// Reads how a MySQL or MariaDB server greets: its handshake (protocol 10) tells the version, or an error tells why it
/// takes no clients ("Too many connections", "Host ... is blocked").
/// <para>
/// A server counts, for each host, the handshakes that were begun and not finished, and shuts a host out when there
/// were <c>max_connect_errors</c> (100) of them in a row. A probe that reads the greeting and goes away is one, and
/// nothing but a finished handshake resets the count. So there are two ways. Without a user only the greeting is
/// read: fit for servers where that limit is high or <c>skip_name_resolve</c> makes the server keep no count. With a
/// user the handshake is finished: a login without password, which the user need not even be able to do, as "access
/// denied" is an answer, too, and no error of the handshake. Only a login that succeeds resets what others have
/// counted up.
/// </para>
/// </summary>
/// <param name="user">Who logs in, without password; null reads only the greeting.</param>
public sealed class MySqlGreeting(string? user) : IGreeting
{
    /// <summary>Bytes of a packet with its head.</summary>
    public const int MaxPacket = 4096;

    private const int HeadLength = 4; // Three octets of length, one of sequence.
    private const byte Ok = 0;
    private const byte AuthenticationMore = 1;
    private const byte SwitchAuthentication = 0xFE;
    private const byte Error = 0xFF;

    // Long password, protocol 4.1, secure connection, authentication plugins.
    private const uint Capabilities = 0x1 | 0x200 | 0x8000 | 0x80000;
    private const byte Utf8 = 33;

    private static readonly byte[] Quit = Packet(0, [1]);

    private readonly GreetingReader _reader = new(MaxPacket);
    private string? _version;
    private bool _switched;

    /// <summary>Nothing: the server speaks first.</summary>
    public ReadOnlyMemory<byte> Start() => default;

    public GreetingStep Feed(ReadOnlySpan<byte> data) => _reader.Feed(data, Read);

    private GreetingStep Read(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadLength)
        {
            return GreetingStep.Continue;
        }

        var length = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
        if (length is 0 or > MaxPacket - HeadLength || (_version is null && bytes[3] != 0))
        {
            return GreetingStep.Bad("not a MySQL server");
        }

        if (bytes.Length < HeadLength + length)
        {
            return GreetingStep.Continue;
        }

        var sequence = bytes[3];
        var payload = bytes.Slice(HeadLength, length);
        bytes = bytes[(HeadLength + length)..];
        return _version is null ? OnGreeting(payload) : OnAnswer(sequence, payload);
    }

    private GreetingStep OnGreeting(ReadOnlySpan<byte> payload)
    {
        var end = payload.IndexOf((byte)0);
        if (payload[0] == Error && payload.Length >= 3)
        {
            return GreetingStep.Bad(ErrorText(payload));
        }

        if (payload[0] != 10 || end < 0)
        {
            return GreetingStep.Bad("not a MySQL server");
        }

        // MariaDB puts a version before its own for the sake of old clients.
        _version = GreetingReader.Text(payload[1..end]);
        _version = _version.StartsWith("5.5.5-", StringComparison.Ordinal) ? _version[6..] : _version;
        return user is null ? GreetingStep.Good(_version) : GreetingStep.Send(Packet(1, Login(user)));
    }

    private GreetingStep OnAnswer(byte sequence, ReadOnlySpan<byte> payload)
    {
        switch (payload[0])
        {
            case Ok:
                return GreetingStep.Good(_version!, Quit);
            case Error when payload.Length >= 3:
                return IsAboutUser(ErrorCode(payload))
                    ? GreetingStep.Good(_version!)
                    : GreetingStep.Bad(ErrorText(payload));
            case SwitchAuthentication when !_switched:
                // Whatever the method, this is no password.
                _switched = true;
                return GreetingStep.Send(Packet((byte)(sequence + 1), []));
            case AuthenticationMore:
                return GreetingStep.Good(_version!);
            default:
                return GreetingStep.Bad("an answer to the login that is none");
        }
    }

    // Access denied (the second without password), or not without encryption.
    private static bool IsAboutUser(int error) => error is 1045 or 1698 or 3159;

    private static int ErrorCode(ReadOnlySpan<byte> payload) => BinaryPrimitives.ReadUInt16LittleEndian(payload[1..]);

    // Where there is an SQL state, it stands behind a number sign.
    private static string ErrorText(ReadOnlySpan<byte> payload)
    {
        var text = payload[3..];
        text = text is [(byte)'#', _, _, _, _, _, ..] ? text[6..] : text;
        return string.Create(CultureInfo.InvariantCulture, $"{GreetingReader.Text(text)} ({ErrorCode(payload)})");
    }

    // HandshakeResponse41
    private static byte[] Login(string user)
    {
        var fixedPart = new byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart, Capabilities);
        BinaryPrimitives.WriteInt32LittleEndian(fixedPart.AsSpan(4), MaxPacket);
        fixedPart[8] = Utf8;
        return [.. fixedPart, .. Encoding.UTF8.GetBytes(user), 0, 0, .. "mysql_native_password"u8, 0];
    }

    private static byte[] Packet(byte sequence, byte[] payload) =>
        [(byte)payload.Length, (byte)(payload.Length >> 8), 0, sequence, .. payload];
}
