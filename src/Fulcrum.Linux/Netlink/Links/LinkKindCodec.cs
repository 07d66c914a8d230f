namespace Fulcrum.Linux.Netlink.Links;

/// <summary>What a kind has of its own (IFLA_LINKINFO): its name, and data that only it understands.</summary>
internal static class LinkKindCodec
{
    private const ushort VlanId = 1;
    private const ushort VlanProtocol = 5;
    private const ushort MacvlanModeNumber = 1;
    private const ushort VethPeer = 1;
    private const ushort CustomerTag = 0x8100;
    private const ushort ServiceTag = 0x88a8;

    public static void Encode(NetlinkWriter writer, LinkKind kind)
    {
        var information = writer.BeginNest(LinkAttributes.Information);
        writer.Put(LinkAttributes.InformationKind, kind.Name);
        var data = writer.BeginNest(LinkAttributes.InformationData);
        switch (kind)
        {
            case VlanKind vlan:
                writer.Put(VlanId, vlan.Id);
                writer.PutNetworkOrder(VlanProtocol, vlan.IsService ? ServiceTag : CustomerTag);
                break;
            case MacvlanKind macvlan:
                writer.Put(MacvlanModeNumber, (uint)macvlan.Mode);
                break;
            case VethKind { Peer: { } peer }:
                var other = writer.BeginNest(VethPeer);
                writer.Structure(LinkAttributes.HeaderLength);
                writer.Put(LinkAttributes.Name, peer);
                writer.EndNest(other);
                break;
        }

        writer.EndNest(data);
        writer.EndNest(information);
    }

    /// <summary>Null: there is no kind. Its data may come before its name.</summary>
    public static LinkKind? Decode(AttributeReader information, out bool isWhole)
    {
        string? name = null;
        ReadOnlySpan<byte> data = default;
        while (information.Next())
        {
            switch (information.Type)
            {
                case LinkAttributes.InformationKind:
                    name = information.Text();
                    break;
                case LinkAttributes.InformationData:
                    data = information.Value;
                    break;
            }
        }

        var attributes = new AttributeReader(data);
        LinkKind? kind = name switch
        {
            null => null,
            "dummy" => new DummyKind(),
            "bridge" => new BridgeKind(),
            "veth" => Veth(ref attributes),
            "vlan" => Vlan(ref attributes),
            "macvlan" => Macvlan(ref attributes),
            _ => new OtherKind(name),
        };
        isWhole = information.IsWhole && attributes.IsWhole;
        return kind;
    }

    private static VlanKind Vlan(ref AttributeReader attributes)
    {
        ushort id = 0;
        var tag = CustomerTag;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case VlanId:
                    id = attributes.UInt16();
                    break;
                case VlanProtocol:
                    tag = attributes.NetworkUInt16();
                    break;
            }
        }

        return new(id, tag == ServiceTag);
    }

    private static MacvlanKind Macvlan(ref AttributeReader attributes)
    {
        var mode = MacvlanMode.Vepa;
        while (attributes.Next())
        {
            if (attributes.Type == MacvlanModeNumber)
            {
                mode = (MacvlanMode)attributes.UInt32();
            }
        }

        return new(mode);
    }

    private static VethKind Veth(ref AttributeReader attributes)
    {
        string? peer = null;
        while (attributes.Next())
        {
            if (attributes.Type != VethPeer)
            {
                continue;
            }

            _ = attributes.Structure(LinkAttributes.HeaderLength);
            var more = new AttributeReader(
                attributes.Value[Math.Min(LinkAttributes.HeaderLength, attributes.Value.Length)..]
            );
            while (more.Next())
            {
                if (more.Type == LinkAttributes.Name)
                {
                    peer = more.Text();
                }
            }

            attributes.Include(more.IsWhole);
        }

        return new(peer);
    }
}
