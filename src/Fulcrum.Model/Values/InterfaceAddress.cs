using System.Net;
using System.Net.Sockets;

namespace Fulcrum.Model.Values;

/// <summary>An address with the length of its network, host bits kept: <c>192.0.2.80/24</c>.</summary>
public sealed record InterfaceAddress(IPAddress Address, int Length)
{
    /// <summary>The address alone: /32 or /128.</summary>
    public static InterfaceAddress Single(IPAddress address) => new(address, BitsOf(address));

    public bool IsSingle => Length == BitsOf(Address);

    public static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    /// <summary>Its network has the other address.</summary>
    public bool Holds(IPAddress other)
    {
        if (BitsOf(other) != BitsOf(Address))
        {
            return false;
        }

        var (own, others) = (Address.GetAddressBytes(), other.GetAddressBytes());
        for (var bit = 0; bit < Length; bit += 8)
        {
            var rest = Math.Max(0, 8 - (Length - bit));
            if ((own[bit / 8] ^ others[bit / 8]) >> rest != 0)
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => IsSingle ? Address.ToString() : $"{Address}/{Length}";
}

/// <summary>Addresses from first to last of one family, both included.</summary>
public sealed record AddressRange(IPAddress First, IPAddress Last)
{
    public override string ToString() => First.Equals(Last) ? First.ToString() : $"{First}-{Last}";
}
