using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink;

/// <summary>One message as it was received (netlink(7)); it lives as long as the bytes that it was read from.</summary>
public readonly ref struct NetlinkMessage
{
    internal const int HeaderLength = 16;
    internal const int SequenceOffset = 8;

    /// <summary>Numbers below this are netlink's own: what ends or acknowledges, not what was asked for.</summary>
    internal const ushort FirstOfFamily = 16;

    internal const ushort ErrorType = 2;
    internal const ushort DoneType = 3;

    private NetlinkMessage(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        Type = MemoryMarshal.Read<ushort>(header[4..]);
        Flags = (NetlinkFlags)MemoryMarshal.Read<ushort>(header[6..]);
        Sequence = MemoryMarshal.Read<uint>(header[SequenceOffset..]);
        Port = MemoryMarshal.Read<uint>(header[12..]);
        Body = body;
    }

    public ushort Type { get; }

    public NetlinkFlags Flags { get; }

    /// <summary>The number of the request that it answers; 0 of a notification.</summary>
    public uint Sequence { get; }

    /// <summary>Whose request it answers, or whose deed it tells.</summary>
    public uint Port { get; }

    /// <summary>What follows the header, without padding.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Takes the first message off what was received; false: there is none, or it is not whole.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> received, out NetlinkMessage message)
    {
        message = default;
        if (received.Length < HeaderLength)
        {
            return false;
        }

        var length = MemoryMarshal.Read<uint>(received);
        if (length < HeaderLength || length > (uint)received.Length)
        {
            return false;
        }

        message = new(received, received[HeaderLength..(int)length]);
        // The last one need not be padded.
        received = received[Math.Min(Aligned((int)length), received.Length)..];
        return true;
    }

    /// <summary>Messages and attributes begin at multiples of four.</summary>
    internal static int Aligned(int length) => (length + 3) & ~3;
}
