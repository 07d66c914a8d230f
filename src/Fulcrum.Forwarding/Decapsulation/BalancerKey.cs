using System.Net;
using System.Runtime.InteropServices;
using Fulcrum.Forwarding.Xdp.Tables;

namespace Fulcrum.Forwarding.Decapsulation;

/// <summary>Balancers whose addresses begin with the same bits.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BalancerKey
{
    public readonly uint Length;
    public readonly TableAddress Address;

    public BalancerKey(IPNetwork network) =>
        (Length, Address) = ((uint)PrefixKey.BitsOf(network), TableAddress.Of(network.BaseAddress));
}
