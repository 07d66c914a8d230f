using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Fulcrum.Linux.Sockets;

/// <summary>
/// What goes with a datagram beside its payload (cmsg(3)): <c>struct cmsghdr</c>, the data, and as many bytes as bring
/// the next one to a multiple of eight.
/// </summary>
internal static class ControlMessages
{
    /// <summary>Bytes for all that a datagram can have: an IPv6 address with its port and the size of segments.</summary>
    internal const int Room = 96;

    private const int Header = 16;
    private const int InfoIPv4 = 12;
    private const int InfoIPv6 = 20;
    private const int TargetIPv4 = 16;
    private const int TargetIPv6 = 28;

    /// <summary>Finds the data of one; those that are too short for their kind are none.</summary>
    internal static bool TryFind(ReadOnlySpan<byte> control, SocketOption option, out ReadOnlySpan<byte> data)
    {
        while (control.Length >= Header)
        {
            var length = (int)Math.Clamp(BitConverter.ToUInt64(control), Header, (ulong)control.Length);
            if (new SocketOption(BitConverter.ToInt32(control[8..]), BitConverter.ToInt32(control[12..])) == option)
            {
                data = control[Header..length];
                return data.Length >= SizeOf(option);
            }
            control = control[Math.Min(control.Length, Padded(length))..];
        }
        data = default;
        return false;
    }

    /// <summary>Writes where a datagram leaves from; how many bytes that took.</summary>
    internal static int WriteLocal(Span<byte> control, in SocketAddress local)
    {
        var isIPv4 = local.Family == SocketFamily.IPv4;
        var data = Begin(control, isIPv4 ? SocketOption.PacketInfo : SocketOption.IPv6PacketInfoMessage);
        if (isIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(data[4..], (uint)local.Bits);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(data, local.Bits);
            Unsafe.WriteUnaligned(ref data[16], local.Scope);
        }
        return Padded(Header + data.Length);
    }

    /// <summary>Writes into how large datagrams a train falls; how many bytes that took.</summary>
    internal static int WriteSegmentSize(Span<byte> control, int size)
    {
        var data = Begin(control, SocketOption.SegmentSize);
        Unsafe.WriteUnaligned(ref data[0], (ushort)size);
        return Padded(Header + data.Length);
    }

    private static Span<byte> Begin(Span<byte> control, SocketOption option)
    {
        var size = SizeOf(option);
        control[..Padded(Header + size)].Clear();
        Unsafe.WriteUnaligned(ref control[0], (ulong)(Header + size));
        Unsafe.WriteUnaligned(ref control[8], option.Level);
        Unsafe.WriteUnaligned(ref control[12], option.Name);
        return control.Slice(Header, size);
    }

    private static int SizeOf(SocketOption option) =>
        option == SocketOption.PacketInfo ? InfoIPv4
        : option == SocketOption.IPv6PacketInfoMessage ? InfoIPv6
        : option == SocketOption.OriginalTarget ? TargetIPv4
        : option == SocketOption.IPv6OriginalTarget ? TargetIPv6
        : option == SocketOption.ReceiveTrains ? sizeof(int)
        : sizeof(ushort);

    private static int Padded(int length) => (length + 7) & ~7;
}
