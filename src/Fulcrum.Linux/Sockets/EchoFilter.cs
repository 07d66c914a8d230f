namespace Fulcrum.Linux.Sockets;

/// <summary>
/// What a raw ICMP socket lets through: echo replies, and the errors destination unreachable and time exceeded. All
/// else that reaches the machine, our own requests over loopback among it, is dropped in the kernel. A set bit of a
/// filter blocks the type with its number (raw(7); RFC 3542 section 3.2).
/// </summary>
internal static unsafe class EchoFilter
{
    internal const int ProtocolIPv4 = 1;
    internal const int ProtocolIPv6 = 58;

    private static readonly SocketOption IPv4 = new(255, 1);
    private static readonly SocketOption IPv6 = new(ProtocolIPv6, 1);

    internal static int Attach(int descriptor, SocketFamily family)
    {
        var blocked = stackalloc uint[8];
        new Span<uint>(blocked, 8).Fill(uint.MaxValue);
        foreach (var type in family == SocketFamily.IPv6 ? [129, 1, 3] : (ReadOnlySpan<byte>)[0, 3, 11])
        {
            blocked[type / 32] &= ~(1u << (type % 32));
        }
        var (option, size) = family == SocketFamily.IPv6 ? (IPv6, 32u) : (IPv4, 4u);
        return Native.Result(Native.SetSocketOption(descriptor, option.Level, option.Name, blocked, size));
    }
}
