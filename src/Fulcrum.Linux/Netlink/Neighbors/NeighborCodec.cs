using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink.Neighbors;

/// <summary><c>struct ndmsg</c> and what follows it (NDA_*).</summary>
internal sealed class NeighborCodec : NetlinkCodec<Neighbor>
{
    private const int HeaderLength = 12;
    private const int FlagsOffset = 10;

    private const ushort Destination = 1;
    private const ushort HardwareAddress = 2;
    private const ushort MadeBy = 12;

    public override ushort NewType => 28;

    public override uint[] Groups => [3];

    public override string Plural => "neighbors";

    public override string Describe(Neighbor item) => $"neighbor {item}";

    public override void Encode(NetlinkWriter writer, Neighbor item)
    {
        var header = writer.Structure(HeaderLength);
        header[0] = AddressFamilies.Number(item.Address);
        MemoryMarshal.Write(header[4..], item.Interface);
        MemoryMarshal.Write(header[8..], (ushort)item.State);
        header[FlagsOffset] = (byte)item.Flags;
        writer.Put(Destination, item.Address);
        if (item.HardwareAddress is not null)
        {
            writer.Put(HardwareAddress, item.HardwareAddress.GetAddressBytes());
        }

        if (item.Protocol != 0)
        {
            writer.Put(MadeBy, item.Protocol);
        }
    }

    public override void EncodeQuestion(NetlinkWriter writer) => writer.Structure(HeaderLength);

    /// <summary>Asks for addresses that are answered for.</summary>
    public static void EncodeProxyQuestion(NetlinkWriter writer) =>
        writer.Structure(HeaderLength)[FlagsOffset] = (byte)NeighborFlags.Proxy;

    public override bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Neighbor? item)
    {
        item = null;
        if (body.Length < HeaderLength || AddressFamilies.LengthOf(body[0]) is null)
        {
            return false;
        }

        IPAddress? address = null;
        PhysicalAddress? hardware = null;
        byte protocol = 0;
        var attributes = new AttributeReader(body[HeaderLength..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Destination:
                    address = attributes.Address();
                    break;
                case HardwareAddress:
                    hardware = new(attributes.Value.ToArray());
                    break;
                case MadeBy:
                    protocol = attributes.Byte();
                    break;
            }
        }

        if (!attributes.IsWhole || address is null || !AddressFamilies.Are(body[0], address))
        {
            return false;
        }

        item = new()
        {
            Interface = MemoryMarshal.Read<int>(body[4..]),
            Address = address,
            HardwareAddress = hardware,
            State = (NeighborState)MemoryMarshal.Read<ushort>(body[8..]),
            Flags = (NeighborFlags)body[FlagsOffset],
            Protocol = protocol,
        };
        return true;
    }
}
