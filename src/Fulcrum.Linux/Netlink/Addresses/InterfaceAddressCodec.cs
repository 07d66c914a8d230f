using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink.Addresses;

/// <summary><c>struct ifaddrmsg</c> and what follows it.</summary>
internal sealed class InterfaceAddressCodec : NetlinkCodec<InterfaceAddress>
{
    private const int HeaderLength = 8;
    private const int LifetimesLength = 16;
    private const uint Forever = uint.MaxValue;

    private const ushort FarAddress = 1;
    private const ushort LocalAddress = 2;
    private const ushort LabelText = 3;
    private const ushort Lifetimes = 6;
    private const ushort AllFlags = 8;
    private const ushort Priority = 9;
    private const ushort MadeBy = 11;

    public override ushort NewType => 20;

    public override uint[] Groups => [5, 9];

    public override string Plural => "addresses";

    public override string Describe(InterfaceAddress item) => $"address {item}";

    public override void Encode(NetlinkWriter writer, InterfaceAddress item)
    {
        var header = writer.Structure(HeaderLength);
        header[0] = AddressFamilies.Number(item.Address);
        header[1] = (byte)item.PrefixLength;
        header[2] = (byte)item.Flags;
        header[3] = (byte)item.Scope;
        MemoryMarshal.Write(header[4..], item.Interface);
        writer.Put(LocalAddress, item.Address);
        writer.Put(FarAddress, item.Peer ?? item.Address);
        if (item.Label is not null)
        {
            writer.Put(LabelText, item.Label);
        }

        // The header has room for the first eight flags only.
        writer.Put(AllFlags, (uint)item.Flags);
        if (item.ValidFor is not null || item.PreferredFor is not null)
        {
            var lifetimes = writer.Attribute(Lifetimes, LifetimesLength);
            MemoryMarshal.Write(lifetimes, Seconds(item.PreferredFor ?? item.ValidFor));
            MemoryMarshal.Write(lifetimes[4..], Seconds(item.ValidFor));
        }

        if (item.RoutePriority != 0)
        {
            writer.Put(Priority, item.RoutePriority);
        }

        if (item.Protocol != 0)
        {
            writer.Put(MadeBy, item.Protocol);
        }
    }

    public override void EncodeQuestion(NetlinkWriter writer) => writer.Structure(HeaderLength);

    public override bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out InterfaceAddress? item)
    {
        item = null;
        if (body.Length < HeaderLength || AddressFamilies.LengthOf(body[0]) is not { } length)
        {
            return false;
        }

        IPAddress? local = null;
        IPAddress? far = null;
        string? label = null;
        TimeSpan? preferred = null;
        TimeSpan? valid = null;
        var flags = (uint)body[2];
        uint priority = 0;
        byte protocol = 0;
        var attributes = new AttributeReader(body[HeaderLength..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case FarAddress:
                    far = attributes.Address();
                    break;
                case LocalAddress:
                    local = attributes.Address();
                    break;
                case LabelText:
                    label = attributes.Text();
                    break;
                case Lifetimes:
                    var lifetimes = attributes.Structure(LifetimesLength);
                    preferred = Span(MemoryMarshal.Read<uint>(lifetimes));
                    valid = Span(MemoryMarshal.Read<uint>(lifetimes[4..]));
                    break;
                case AllFlags:
                    flags = attributes.UInt32();
                    break;
                case Priority:
                    priority = attributes.UInt32();
                    break;
                case MadeBy:
                    protocol = attributes.Byte();
                    break;
            }
        }

        // IPv6 has the local address apart only where there is another end.
        var address = local ?? far;
        if (
            !attributes.IsWhole
            || address is null
            || body[1] > length * 8
            || !AddressFamilies.Are(body[0], address, far)
        )
        {
            return false;
        }

        item = new()
        {
            Interface = MemoryMarshal.Read<int>(body[4..]),
            Address = address,
            PrefixLength = body[1],
            Peer = address.Equals(far) ? null : far,
            Scope = (NetworkScope)body[3],
            Flags = (InterfaceAddressFlags)flags,
            Label = label,
            ValidFor = valid,
            PreferredFor = preferred,
            RoutePriority = priority,
            Protocol = protocol,
        };
        return true;
    }

    private static uint Seconds(TimeSpan? span) =>
        span is { } some ? (uint)Math.Clamp(some.TotalSeconds, 0, Forever - 1) : Forever;

    private static TimeSpan? Span(uint seconds) => seconds == Forever ? null : TimeSpan.FromSeconds(seconds);
}
