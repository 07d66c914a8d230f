using System.Net;
using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>Addresses of vips.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AddressKey
{
    public readonly uint Length;
    public readonly TableAddress Address;

    public AddressKey(IPNetwork network) =>
        (Length, Address) = ((uint)PrefixKey.BitsOf(network), TableAddress.Of(network.BaseAddress));
}
