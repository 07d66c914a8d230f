using System.Diagnostics.CodeAnalysis;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink.Links;

/// <summary><c>struct ifinfomsg</c> and what follows it.</summary>
internal sealed class NetworkLinkCodec : NetlinkCodec<NetworkLink>
{
    public override ushort NewType => 16;

    public override uint[] Groups => [1];

    public override string Plural => "links";

    public override string Describe(NetworkLink item) => $"link {item}";

    public override void Encode(NetlinkWriter writer, NetworkLink item)
    {
        var header = writer.Structure(LinkAttributes.HeaderLength);
        MemoryMarshal.Write(header[4..], item.Index);
        MemoryMarshal.Write(header[8..], (uint)item.Flags);
        // Which flags are meant: only that it is up can be chosen.
        MemoryMarshal.Write(header[12..], (uint)(item.Flags & LinkFlags.Up));
        writer.Put(LinkAttributes.Name, item.Name);
        if (item.Mtu != 0)
        {
            writer.Put(LinkAttributes.Mtu, item.Mtu);
        }

        if (item.Parent != 0)
        {
            writer.Put(LinkAttributes.Parent, item.Parent);
        }

        if (item.Master != 0)
        {
            writer.Put(LinkAttributes.Master, item.Master);
        }

        if (item.Group != 0)
        {
            writer.Put(LinkAttributes.Group, item.Group);
        }

        if (item.HardwareAddress is not null)
        {
            writer.Put(LinkAttributes.HardwareAddress, item.HardwareAddress.GetAddressBytes());
        }

        if (item.State != LinkState.Unknown)
        {
            writer.Put(LinkAttributes.State, (byte)item.State);
        }

        if (item.AlternativeNames.Count > 0)
        {
            EncodeAlternativeNames(writer, item.AlternativeNames);
        }

        if (item.Kind is not null)
        {
            LinkKindCodec.Encode(writer, item.Kind);
        }
    }

    public override void EncodeKey(NetlinkWriter writer, NetworkLink item)
    {
        var header = writer.Structure(LinkAttributes.HeaderLength);
        MemoryMarshal.Write(header[4..], item.Index);
        if (item.Index == 0)
        {
            EncodeName(writer, item.Name);
        }
    }

    public override void EncodeQuestion(NetlinkWriter writer)
    {
        writer.Structure(LinkAttributes.HeaderLength);
        writer.Put(LinkAttributes.ExtendedMask, LinkAttributes.WithoutCounters);
    }

    public static void EncodeName(NetlinkWriter writer, string name) =>
        writer.Put(
            name.Length > LinkAttributes.LongestName ? LinkAttributes.AlternativeName : LinkAttributes.Name,
            name
        );

    public static void EncodeAlternativeNames(NetlinkWriter writer, IEnumerable<string> names)
    {
        var properties = writer.BeginNest(LinkAttributes.Properties);
        foreach (var name in names)
        {
            writer.Put(LinkAttributes.AlternativeName, name);
        }

        writer.EndNest(properties);
    }

    public override bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out NetworkLink? item)
    {
        item = null;
        // Bridges tell of their ports in the same messages, as family 7.
        if (body.Length < LinkAttributes.HeaderLength || body[0] != 0)
        {
            return false;
        }

        string? name = null;
        IReadOnlyList<string> alternatives = [];
        LinkKind? kind = null;
        PhysicalAddress? hardware = null;
        uint mtu = 0;
        int parent = 0;
        int master = 0;
        uint group = 0;
        var state = LinkState.Unknown;
        var attributes = new AttributeReader(body[LinkAttributes.HeaderLength..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case LinkAttributes.Name:
                    name = attributes.Text();
                    break;
                case LinkAttributes.Mtu:
                    mtu = attributes.UInt32();
                    break;
                case LinkAttributes.Parent:
                    parent = attributes.Int32();
                    break;
                case LinkAttributes.Master:
                    master = attributes.Int32();
                    break;
                case LinkAttributes.Group:
                    group = attributes.UInt32();
                    break;
                case LinkAttributes.State:
                    state = (LinkState)attributes.Byte();
                    break;
                case LinkAttributes.HardwareAddress:
                    hardware = new(attributes.Value.ToArray());
                    break;
                case LinkAttributes.Information:
                    kind = LinkKindCodec.Decode(attributes.Nested(), out var isWhole);
                    attributes.Include(isWhole);
                    break;
                case LinkAttributes.Properties:
                    alternatives = Names(ref attributes);
                    break;
            }
        }

        if (!attributes.IsWhole || name is null)
        {
            return false;
        }

        item = new()
        {
            Index = MemoryMarshal.Read<int>(body[4..]),
            Name = name,
            AlternativeNames = alternatives,
            Kind = kind,
            Flags = (LinkFlags)MemoryMarshal.Read<uint>(body[8..]),
            Mtu = mtu,
            Parent = parent,
            Master = master,
            Group = group,
            HardwareAddress = hardware,
            State = state,
        };
        return true;
    }

    private static List<string> Names(ref AttributeReader attributes)
    {
        var names = new List<string>();
        var properties = attributes.Nested();
        while (properties.Next())
        {
            if (properties.Type == LinkAttributes.AlternativeName)
            {
                names.Add(properties.Text());
            }
        }

        attributes.Include(properties.IsWhole);
        return names;
    }
}
