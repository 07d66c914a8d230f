using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.InteropServices;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Netlink.Rules;

/// <summary><c>struct fib_rule_hdr</c> and what follows it (FRA_*).</summary>
internal sealed class RoutingRuleCodec : NetlinkCodec<RoutingRule>
{
    private const int HeaderLength = 12;
    private const uint Inverted = 2;
    private const uint SuppressesNothing = uint.MaxValue;

    private const ushort To = 1;
    private const ushort From = 2;
    private const ushort Incoming = 3;
    private const ushort Priority = 6;
    private const ushort Mark = 10;
    private const ushort Suppressed = 14;
    private const ushort Table = 15;
    private const ushort MarkMask = 16;
    private const ushort Outgoing = 17;
    private const ushort MadeBy = 21;

    public override ushort NewType => 32;

    public override uint[] Groups => [8, 19];

    public override string Plural => "rules";

    public override string Describe(RoutingRule item) => $"rule {item}";

    public override void Encode(NetlinkWriter writer, RoutingRule item)
    {
        var header = writer.Structure(HeaderLength);
        header[0] = (byte)item.Family;
        header[1] = (byte)(item.To?.PrefixLength ?? 0);
        header[2] = (byte)(item.From?.PrefixLength ?? 0);
        header[4] = item.Table > byte.MaxValue ? (byte)0 : (byte)item.Table;
        header[7] = (byte)item.Action;
        MemoryMarshal.Write(header[8..], item.IsInverted ? Inverted : 0);
        writer.Put(Table, item.Table);
        if (item.Priority is { } priority)
        {
            writer.Put(Priority, priority);
        }

        // One without a length would be refused: everything is what is left out.
        if (item.From is { PrefixLength: > 0 } from)
        {
            writer.Put(From, from.BaseAddress);
        }

        if (item.To is { PrefixLength: > 0 } to)
        {
            writer.Put(To, to.BaseAddress);
        }

        if (item.Mark is { } mark)
        {
            writer.Put(Mark, mark);
            writer.Put(MarkMask, item.MarkMask);
        }

        if (item.IncomingInterface is not null)
        {
            writer.Put(Incoming, item.IncomingInterface);
        }

        if (item.OutgoingInterface is not null)
        {
            writer.Put(Outgoing, item.OutgoingInterface);
        }

        if (item.SuppressedPrefixLength is { } suppressed)
        {
            writer.Put(Suppressed, suppressed);
        }

        if (item.Protocol != 0)
        {
            writer.Put(MadeBy, item.Protocol);
        }
    }

    public override void EncodeQuestion(NetlinkWriter writer) => writer.Structure(HeaderLength);

    public override bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out RoutingRule? item)
    {
        item = null;
        if (body.Length < HeaderLength || AddressFamilies.LengthOf(body[0]) is null)
        {
            return false;
        }

        IPAddress? from = null;
        IPAddress? to = null;
        // Zero is what the kernel leaves out.
        var made = new RoutingRule
        {
            Family = (SocketFamily)body[0],
            Table = body[4],
            Priority = 0,
        };
        var attributes = new AttributeReader(body[HeaderLength..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case From:
                    from = attributes.Address();
                    break;
                case To:
                    to = attributes.Address();
                    break;
                default:
                    made = Decode(ref attributes, made);
                    break;
            }
        }

        if (
            !attributes.IsWhole
            || !AddressFamilies.TryMakePrefix(body[0], to, body[1], out var target)
            || !AddressFamilies.TryMakePrefix(body[0], from, body[2], out var origin)
        )
        {
            return false;
        }

        item = made with
        {
            From = body[2] == 0 ? null : origin,
            To = body[1] == 0 ? null : target,
            Action = (RuleAction)body[7],
            IsInverted = (MemoryMarshal.Read<uint>(body[8..]) & Inverted) != 0,
            // Without a mark the mask is zero, and means nothing.
            MarkMask = made.Mark is null ? uint.MaxValue : made.MarkMask,
        };
        return true;
    }

    private static RoutingRule Decode(ref AttributeReader attributes, RoutingRule rule)
    {
        switch (attributes.Type)
        {
            case Priority:
                return rule with { Priority = attributes.UInt32() };
            case Table:
                return rule with { Table = attributes.UInt32() };
            case Mark:
                return rule with { Mark = attributes.UInt32() };
            case MarkMask:
                return rule with { MarkMask = attributes.UInt32() };
            case Incoming:
                return rule with { IncomingInterface = attributes.Text() };
            case Outgoing:
                return rule with { OutgoingInterface = attributes.Text() };
            case MadeBy:
                return rule with { Protocol = attributes.Byte() };
            case Suppressed:
                var length = attributes.UInt32();
                return rule with { SuppressedPrefixLength = length == SuppressesNothing ? null : (int)length };
            default:
                return rule;
        }
    }
}
