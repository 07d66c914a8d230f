using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>Many addresses at one port, or at all (port 0).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PrefixKey
{
    private const int BitsBefore = 32;
    private const int MappedBits = 96;

    public readonly uint Length;
    public readonly TablePort Port;
    public readonly byte Protocol;
    public readonly byte Pad;
    public readonly TableAddress Address;

    public PrefixKey(IPNetwork network, int port, byte protocol)
    {
        Length = (uint)(BitsBefore + BitsOf(network));
        Port = TablePort.Of(port);
        Protocol = protocol;
        Address = TableAddress.Of(network.BaseAddress);
    }

    internal static int BitsOf(IPNetwork network) =>
        network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? MappedBits : 0);
}
