using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fulcrum.Bench.Packets;

/// <summary>Frames of one length. Their checksums are zero: the program changes them, and never looks whether they are right.</summary>
internal static class Frames
{
    public const int Length = 96;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Syn = 2;
    public const byte Ack = 16;

    private const int Network = 14;

    public static byte[] Of(IPEndPoint source, IPEndPoint destination, byte protocol, byte flags = 0)
    {
        var frame = new byte[Length];
        frame[0] = frame[6] = 2;
        var isIPv6 = source.AddressFamily == AddressFamily.InterNetworkV6;
        Put(frame, 12, isIPv6 ? 0x86dd : 0x0800);
        var transport = isIPv6
            ? WriteIPv6(frame, source, destination, protocol)
            : WriteIPv4(frame, source, destination, protocol);
        Put(frame, transport, source.Port);
        Put(frame, transport + 2, destination.Port);
        if (protocol == Tcp)
        {
            frame[transport + 12] = 0x50;
            frame[transport + 13] = flags;
        }
        else
        {
            Put(frame, transport + 4, Length - transport);
            Put(frame, transport + 6, 1);
        }

        return frame;
    }

    private static int WriteIPv4(byte[] frame, IPEndPoint source, IPEndPoint destination, byte protocol)
    {
        frame[Network] = 0x45;
        Put(frame, Network + 2, Length - Network);
        frame[Network + 8] = 64;
        frame[Network + 9] = protocol;
        source.Address.TryWriteBytes(frame.AsSpan(Network + 12), out _);
        destination.Address.TryWriteBytes(frame.AsSpan(Network + 16), out _);
        return Network + 20;
    }

    private static int WriteIPv6(byte[] frame, IPEndPoint source, IPEndPoint destination, byte protocol)
    {
        frame[Network] = 0x60;
        Put(frame, Network + 4, Length - Network - 40);
        frame[Network + 6] = protocol;
        frame[Network + 7] = 64;
        source.Address.TryWriteBytes(frame.AsSpan(Network + 8), out _);
        destination.Address.TryWriteBytes(frame.AsSpan(Network + 24), out _);
        return Network + 40;
    }

    private static void Put(byte[] frame, int at, int value) =>
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), (ushort)value);
}
