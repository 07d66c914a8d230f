using System.Runtime.InteropServices;
using System.Text;

namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>A list of actions (TCA_ACT_*), numbered in their order, and what each kind has of its own.</summary>
internal static class TrafficActionCodec
{
    private const ushort Kind = 1;
    private const ushort Options = 2;
    private const ushort Cookie = 6;

    private const ushort PlainParameters = 2;

    private const ushort MarkParameters = 2;
    private const ushort Mark = 5;
    private const ushort MarkMask = 8;

    private const ushort TrackingParameters = 1;
    private const ushort TrackingFlagBits = 3;
    private const ushort TrackingZone = 4;
    private const ushort FirstIPv4 = 9;
    private const ushort LastIPv4 = 10;
    private const ushort FirstIPv6 = 11;
    private const ushort LastIPv6 = 12;
    private const ushort FirstPort = 13;
    private const ushort LastPort = 14;

    public static void Encode(NetlinkWriter writer, IReadOnlyList<TrafficAction> actions)
    {
        for (var i = 0; i < actions.Count; i++)
        {
            var nest = writer.BeginNest((ushort)(i + 1));
            writer.Put(Kind, actions[i].Kind);
            if (actions[i].Cookie is { } cookie)
            {
                writer.Put(Cookie, Encoding.Latin1.GetBytes(cookie));
            }

            var options = writer.BeginNest(Options);
            Encode(writer, actions[i]);
            writer.EndNest(options);
            writer.EndNest(nest);
        }
    }

    public static List<TrafficAction> Decode(AttributeReader list, out bool isWhole)
    {
        var actions = new List<TrafficAction>();
        var areWhole = true;
        while (list.Next())
        {
            if (One(list.Nested(), ref areWhole) is { } action)
            {
                actions.Add(action);
            }
        }

        isWhole = areWhole && list.IsWhole;
        return actions;
    }

    private static void Encode(NetlinkWriter writer, TrafficAction action)
    {
        switch (action)
        {
            case MarkAction mark:
                Encode(writer, MarkParameters, action.Then);
                writer.Put(Mark, mark.Mark);
                // The kernel tells it only where it was given.
                if (mark.Mask != uint.MaxValue)
                {
                    writer.Put(MarkMask, mark.Mask);
                }

                break;
            case TrackingAction tracking:
                Encode(writer, TrackingParameters, action.Then);
                Encode(writer, tracking);
                break;
            default:
                Encode(writer, PlainParameters, action.Then);
                break;
        }
    }

    private static void Encode(NetlinkWriter writer, ushort type, TrafficVerdict verdict) =>
        MemoryMarshal.Write(
            writer.Attribute(type, TrafficNumbers.ActionLength)[TrafficNumbers.VerdictOffset..],
            (int)verdict
        );

    private static void Encode(NetlinkWriter writer, TrackingAction action)
    {
        writer.Put(TrackingFlagBits, (ushort)action.Flags);
        // A kernel without zones refuses even the first.
        if (action.Zone != 0)
        {
            writer.Put(TrackingZone, action.Zone);
        }

        if (action.First is { } first)
        {
            var isIPv4 = AddressFamilies.Number(first) == AddressFamilies.IPv4;
            writer.Put(isIPv4 ? FirstIPv4 : FirstIPv6, first);
            writer.Put(isIPv4 ? LastIPv4 : LastIPv6, action.Last ?? first);
        }

        if (action.Ports is { } ports)
        {
            writer.PutNetworkOrder(FirstPort, ports.First);
            writer.PutNetworkOrder(LastPort, ports.Last);
        }
    }

    private static TrafficAction? One(AttributeReader one, ref bool isWhole)
    {
        string? kind = null;
        string? cookie = null;
        ReadOnlySpan<byte> options = default;
        while (one.Next())
        {
            switch (one.Type)
            {
                case Kind:
                    kind = one.Text();
                    break;
                case Cookie when !one.Value.IsEmpty:
                    cookie = Encoding.Latin1.GetString(one.Value);
                    break;
                case Options:
                    options = one.Value;
                    break;
            }
        }

        var attributes = new AttributeReader(options);
        TrafficAction? action = kind switch
        {
            null => null,
            "gact" => Plain(ref attributes),
            "skbedit" => Marked(ref attributes),
            "ct" => Tracked(ref attributes),
            _ => new OtherAction(kind),
        };
        isWhole &= one.IsWhole && attributes.IsWhole && kind is not null;
        return action is null ? null : action with { Cookie = cookie };
    }

    private static PlainAction Plain(ref AttributeReader attributes)
    {
        var action = new PlainAction();
        while (attributes.Next())
        {
            if (attributes.Type == PlainParameters)
            {
                action = action with { Then = Verdict(ref attributes) };
            }
        }

        return action;
    }

    private static MarkAction Marked(ref AttributeReader attributes)
    {
        var action = new MarkAction(0);
        while (attributes.Next())
        {
            action = attributes.Type switch
            {
                MarkParameters => action with { Then = Verdict(ref attributes) },
                Mark => action with { Mark = attributes.UInt32() },
                MarkMask => action with { Mask = attributes.UInt32() },
                _ => action,
            };
        }

        return action;
    }

    private static TrackingAction Tracked(ref AttributeReader attributes)
    {
        var action = new TrackingAction(TrackingFlags.None);
        ushort? firstPort = null;
        ushort? lastPort = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case TrackingParameters:
                    action = action with { Then = Verdict(ref attributes) };
                    break;
                case TrackingFlagBits:
                    action = action with { Flags = (TrackingFlags)attributes.UInt16() };
                    break;
                case TrackingZone:
                    action = action with { Zone = attributes.UInt16() };
                    break;
                case FirstIPv4 or FirstIPv6:
                    action = action with { First = attributes.Address() };
                    break;
                case LastIPv4 or LastIPv6:
                    action = action with { Last = attributes.Address() };
                    break;
                case FirstPort:
                    firstPort = attributes.NetworkUInt16();
                    break;
                case LastPort:
                    lastPort = attributes.NetworkUInt16();
                    break;
            }
        }

        attributes.Include(action.First is not null || action.Last is null);
        attributes.Include(
            action.First is null
                || action.Last is null
                || AddressFamilies.Number(action.First) == AddressFamilies.Number(action.Last)
        );
        return action with
        {
            Last = Equals(action.First, action.Last) ? null : action.Last,
            Ports = firstPort is { } first && lastPort is { } last ? new(first, last) : null,
        };
    }

    private static TrafficVerdict Verdict(ref AttributeReader attributes) =>
        (TrafficVerdict)
            MemoryMarshal.Read<int>(attributes.Structure(TrafficNumbers.ActionLength)[TrafficNumbers.VerdictOffset..]);
}
