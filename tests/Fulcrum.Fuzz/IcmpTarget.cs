using System.Buffers.Binary;
using System.Net.Sockets;
using Fulcrum.Protocols;
using Fulcrum.Protocols.Icmp;

namespace Fulcrum.Fuzz;

/// <summary>
/// What raw sockets receive, of either family, for IPv4 also with the lengths and the checksum made right: it means
/// nothing, or it has all that its kind has.
/// </summary>
internal sealed class IcmpTarget : IFuzzTarget
{
    public string Name => "icmp";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/icmp"];

    public void Run(ReadOnlySpan<byte> input)
    {
        Check(input, AddressFamily.InterNetwork);
        Check(input, AddressFamily.InterNetworkV6);
        Check(Repaired(input.ToArray()), AddressFamily.InterNetwork);
    }

    private static byte[] Repaired(byte[] packet)
    {
        var header = packet.Length == 0 ? 0 : (packet[0] & 0xf) * 4;
        if (header >= 20 && packet.Length >= header + 4 && packet.Length <= ushort.MaxValue)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            var message = packet.AsSpan(header);
            message[2..4].Clear();
            BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Of(message));
        }

        return packet;
    }

    private static void Check(ReadOnlySpan<byte> received, AddressFamily family)
    {
        var message = IcmpEcho.Decode(received, family);
        var isReply = message.Kind == IcmpKind.EchoReply;
        if (message.Reason is not null != (message.Kind == IcmpKind.Unreachable))
        {
            throw new FuzzFailureException($"{message.Kind}: {message.Reason}");
        }

        if (isReply ? received.Length < IcmpEcho.HeaderLength + message.Payload.Length : !message.Payload.IsEmpty)
        {
            throw new FuzzFailureException($"{message.Kind} with {message.Payload.Length} bytes");
        }
    }
}
