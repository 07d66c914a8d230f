using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>Ports of one address that begin with the same bits; none: all ports.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RangeKey
{
    private const int BitsBefore = 32 + 128;

    public readonly uint Length;
    public readonly byte Protocol;
    public readonly byte Pad;
    public readonly ushort PadMore;
    public readonly TableAddress Address;
    public readonly TablePort Port;
    public readonly ushort PadAfter;

    /// <param name="bits">Of the port, 0 to 16, that count.</param>
    public RangeKey(TableAddress address, byte protocol, int port, int bits) =>
        (Length, Protocol, Address, Port) = ((uint)(BitsBefore + bits), protocol, address, TablePort.Of(port));

    /// <summary>The fewest keys that are exactly the ports from one to another.</summary>
    public static IEnumerable<RangeKey> Of(TableAddress address, byte protocol, int first, int last)
    {
        while (first <= last)
        {
            // The largest block that begins here and does not reach beyond the end.
            var bits = 16;
            while (bits > 0 && (first & (1 << (16 - bits))) == 0 && first + (2 << (16 - bits)) - 1 <= last)
            {
                bits--;
            }

            yield return new(address, protocol, first, bits);
            first += 1 << (16 - bits);
        }
    }
}
