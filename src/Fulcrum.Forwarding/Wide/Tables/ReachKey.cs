using System.Runtime.InteropServices;
using Fulcrum.Forwarding.Offload.Tables;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Forwarding.Wide.Tables;

/// <summary>Addresses that begin alike, for one protocol.</summary>
/// <param name="Length">In bits, with those of the protocol and of what is before an address of IPv4.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ReachKey(uint Length, uint Protocol, TableAddress Address)
{
    private const uint Tcp = 6;
    private const uint Udp = 17;
    private const int ProtocolBits = 32;
    private const int BeforeIPv4 = 96;

    public static ReachKey Of(bool isDatagrams, in SocketAddress first, int prefixLength) =>
        new(
            (uint)(ProtocolBits + prefixLength + (first.Family == SocketFamily.IPv4 ? BeforeIPv4 : 0)),
            isDatagrams ? Udp : Tcp,
            PathKey.Of(first, first).Source
        );
}
