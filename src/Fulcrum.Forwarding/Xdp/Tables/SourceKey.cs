using System.Net;
using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>Clients of a vip.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SourceKey
{
    private const int BitsBefore = 32;

    public readonly uint Length;
    public readonly uint Vip;
    public readonly TableAddress Address;

    public SourceKey(uint vip, IPNetwork network) =>
        (Length, Vip, Address) = (
            (uint)(BitsBefore + PrefixKey.BitsOf(network)),
            vip,
            TableAddress.Of(network.BaseAddress)
        );
}
