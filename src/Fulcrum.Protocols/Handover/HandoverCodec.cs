using System.Buffers.Binary;
using System.Text;

namespace Fulcrum.Protocols.Handover;

/// <summary>
/// The conversation of an upgrade. Each message is one packet of a sequenced socket and begins with a byte that says
/// what it is; numbers are in network order, texts are UTF-8 after their length in two bytes.
/// <para>
/// Whoever started the new process tells the old one of it with <see cref="HandoverStarted"/>, and ends. The new process
/// says <see cref="HandoverHello"/> when it has read its configuration. The old one sends
/// <see cref="HandoverSockets"/> and <see cref="HandoverState"/>, as many as it takes, and <see cref="HandoverEnd"/>.
/// The new one says <see cref="HandoverServing"/>, the old one <see cref="HandoverOver"/>. Until then each of the two may
/// say <see cref="HandoverRefusal"/>, or end, and the old one goes on as before.
/// </para>
/// <para>
/// The two may be of different versions of the program. A process takes what it knows and refuses the rest; what is
/// refused costs the attempt and nothing else.
/// </para>
/// </summary>
public static class HandoverCodec
{
    /// <summary>Of this conversation; another is refused.</summary>
    public const int Version = 1;

    /// <summary>No message is longer.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>The most of a state that goes into one message.</summary>
    public const int MostPart = 32 * 1024;

    /// <summary>The most descriptors beside one message: fewer than the kernel takes, with names of any length.</summary>
    public const int MostNames = 200;

    private const int MostText = 255;
    private const byte Hello = 1;
    private const byte Refusal = 2;
    private const byte Sockets = 3;
    private const byte State = 4;
    private const byte End = 5;
    private const byte Serving = 6;
    private const byte Over = 7;
    private const byte Started = 8;

    /// <summary>Writes a message and returns its length. Texts are cut at 255 bytes.</summary>
    /// <param name="to">At least <see cref="MostBytes"/>.</param>
    /// <exception cref="ArgumentException">It has more names or a longer part than fit.</exception>
    public static int Encode(HandoverMessage message, Span<byte> to)
    {
        switch (message)
        {
            case HandoverHello hello:
                to[0] = Hello;
                BinaryPrimitives.WriteUInt16BigEndian(to[1..], (ushort)hello.Protocol);
                BinaryPrimitives.WriteInt32BigEndian(to[3..], hello.ProcessId);
                return 7 + WriteText(to[7..], hello.Program);
            case HandoverRefusal refusal:
                to[0] = Refusal;
                return 1 + WriteText(to[1..], refusal.Reason, MostPart);
            case HandoverSockets sockets when sockets.Names.Count <= MostNames:
                to[0] = Sockets;
                to[1] = (byte)sockets.Names.Count;
                var length = 2;
                foreach (var socket in sockets.Names)
                {
                    length += WriteText(to[length..], socket);
                }

                return length;
            case HandoverState state when state.Part.Length <= MostPart:
                to[0] = State;
                state.Part.Span.CopyTo(to[1..]);
                return 1 + state.Part.Length;
            case HandoverEnd end:
                to[0] = End;
                BinaryPrimitives.WriteInt32BigEndian(to[1..], end.StateBytes);
                BinaryPrimitives.WriteInt32BigEndian(to[5..], end.Descriptors);
                var name = WriteText(to[9..], end.Upgrade);
                return 9 + name + WriteText(to[(9 + name)..], end.By);
            case HandoverServing:
                to[0] = Serving;
                return 1;
            case HandoverOver:
                to[0] = Over;
                return 1;
            case HandoverStarted started:
                to[0] = Started;
                BinaryPrimitives.WriteInt32BigEndian(to[1..], started.ProcessId);
                return 5;
            default:
                throw new ArgumentException($"{message.GetType().Name} does not fit into one message");
        }
    }

    /// <summary>Null: it is no message of this version.</summary>
    public static HandoverMessage? Decode(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
        {
            return null;
        }

        var rest = packet[1..];
        HandoverMessage? message = packet[0] switch
        {
            Hello => ReadHello(ref rest),
            Refusal => ReadText(ref rest) is { } reason ? new HandoverRefusal(reason) : null,
            Sockets => ReadSockets(ref rest),
            State when rest.Length <= MostPart => ReadState(ref rest),
            End => ReadEnd(ref rest),
            Serving => new HandoverServing(),
            Over => new HandoverOver(),
            Started => ReadStarted(ref rest),
            _ => null,
        };
        return rest.IsEmpty ? message : null;
    }

    private static HandoverHello? ReadHello(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 6)
        {
            return null;
        }

        var protocol = BinaryPrimitives.ReadUInt16BigEndian(rest);
        var process = BinaryPrimitives.ReadInt32BigEndian(rest[2..]);
        rest = rest[6..];
        return ReadText(ref rest) is { } program ? new(protocol, process, program) : null;
    }

    private static HandoverStarted? ReadStarted(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 4)
        {
            return null;
        }

        var process = BinaryPrimitives.ReadInt32BigEndian(rest);
        rest = rest[4..];
        return new(process);
    }

    private static HandoverSockets? ReadSockets(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest[0] > MostNames)
        {
            return null;
        }

        var names = new string[rest[0]];
        rest = rest[1..];
        for (var index = 0; index < names.Length; index++)
        {
            if (ReadText(ref rest) is not { } name)
            {
                return null;
            }

            names[index] = name;
        }

        return new(names);
    }

    private static HandoverState ReadState(ref ReadOnlySpan<byte> rest)
    {
        var part = rest.ToArray();
        rest = [];
        return new(part);
    }

    private static HandoverEnd? ReadEnd(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 8)
        {
            return null;
        }

        var bytes = BinaryPrimitives.ReadInt32BigEndian(rest);
        var descriptors = BinaryPrimitives.ReadInt32BigEndian(rest[4..]);
        rest = rest[8..];
        return bytes >= 0 && descriptors >= 0 && ReadText(ref rest) is { } upgrade && ReadText(ref rest) is { } by
            ? new(bytes, descriptors, upgrade, by)
            : null;
    }

    private static int WriteText(Span<byte> to, string text, int most = MostText)
    {
        Encoding.UTF8.GetEncoder().Convert(text, to.Slice(2, most), flush: true, out _, out var length, out _);
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)length);
        return 2 + length;
    }

    private static string? ReadText(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && rest.Length < 2 + length)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(rest.Slice(2, length));
        rest = rest[(2 + length)..];
        return text;
    }
}
