using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Ipvs;

/// <summary>IPVS_SVC_ATTR_*.</summary>
internal static class IpvsServiceCodec
{
    private const ushort Family = 1;
    private const ushort Protocol = 2;
    private const ushort Address = 3;
    private const ushort Port = 4;
    private const ushort Mark = 5;
    private const ushort Scheduler = 6;
    private const ushort Flags = 7;
    private const ushort Timeout = 8;
    private const ushort Netmask = 9;
    private const ushort Counters = 10;
    private const ushort Engine = 11;
    private const ushort LongCounters = 12;
    private const int FlagsLength = 8;

    // The kernel sets one of its own that nobody can choose: it is in its table.
    private const uint Chosen = (uint)(
        IpvsServiceFlags.Persistent | IpvsServiceFlags.OnePacket | IpvsServiceFlags.Fallback | IpvsServiceFlags.Port
    );

    /// <summary>Which one is meant, and nothing else.</summary>
    public static void EncodeKey(NetlinkWriter writer, IpvsServiceKey key)
    {
        var nest = writer.BeginNest(IpvsNumbers.Service);
        WriteKey(writer, key);
        writer.EndNest(nest);
    }

    public static void Encode(NetlinkWriter writer, IpvsService service)
    {
        var nest = writer.BeginNest(IpvsNumbers.Service);
        WriteKey(writer, service.Key);
        writer.Put(Scheduler, service.Scheduler);
        if (service.PersistenceEngine is not null)
        {
            writer.Put(Engine, service.PersistenceEngine);
        }

        // Which bits are meant: those that are not are left as they were.
        var flags = writer.Attribute(Flags, FlagsLength);
        MemoryMarshal.Write(flags, (uint)service.Flags);
        MemoryMarshal.Write(flags[4..], uint.MaxValue);
        writer.Put(Timeout, (uint)service.Timeout.TotalSeconds);
        WriteNetmask(writer, service);
        writer.EndNest(nest);
    }

    /// <summary>Reads what is inside of the service's attribute.</summary>
    public static bool TryDecode(AttributeReader attributes, [NotNullWhen(true)] out IpvsService? service)
    {
        service = null;
        ushort family = 0;
        ushort protocol = 0;
        ReadOnlySpan<byte> address = default;
        ushort port = 0;
        uint mark = 0;
        ReadOnlySpan<byte> netmask = default;
        var isLong = false;
        var made = new IpvsService { Key = IpvsServiceKey.Of(SocketFamily.None, 0), Scheduler = "" };
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Family:
                    family = attributes.UInt16();
                    break;
                case Protocol:
                    protocol = attributes.UInt16();
                    break;
                case Address:
                    address = attributes.Value;
                    break;
                case Port:
                    port = attributes.NetworkUInt16();
                    break;
                case Mark:
                    mark = attributes.UInt32();
                    break;
                case Scheduler:
                    made = made with { Scheduler = attributes.Text() };
                    break;
                case Engine:
                    made = made with { PersistenceEngine = attributes.Text() };
                    break;
                case Flags:
                    var flags = MemoryMarshal.Read<uint>(attributes.Structure(FlagsLength)) & Chosen;
                    made = made with { Flags = (IpvsServiceFlags)flags };
                    break;
                case Timeout:
                    made = made with { Timeout = TimeSpan.FromSeconds(attributes.UInt32()) };
                    break;
                case Netmask:
                    netmask = attributes.Structure(sizeof(uint));
                    break;
                case LongCounters:
                    isLong = true;
                    made = made with { Counters = IpvsCountersCodec.Decode(ref attributes) };
                    break;
                case Counters when !isLong:
                    made = made with { Counters = IpvsCountersCodec.Decode(ref attributes) };
                    break;
            }
        }

        if (
            !attributes.IsWhole
            || made.Scheduler.Length == 0
            || KeyOf((SocketFamily)family, protocol, address, port, mark) is not { } key
        )
        {
            return false;
        }

        service = made with { Key = key, PersistencePrefix = PrefixOf(key.Family, netmask) };
        return true;
    }

    private static IpvsServiceKey? KeyOf(
        SocketFamily family,
        ushort protocol,
        ReadOnlySpan<byte> address,
        ushort port,
        uint mark
    )
    {
        if (mark != 0)
        {
            return AddressFamilies.LengthOf((byte)family) is null ? null : IpvsServiceKey.Of(family, mark);
        }

        return protocol is > 0 and <= byte.MaxValue && IpvsAddresses.Read(address, family) is { } own
            ? IpvsServiceKey.Of((byte)protocol, own, port)
            : null;
    }

    private static void WriteKey(NetlinkWriter writer, IpvsServiceKey key)
    {
        writer.Put(Family, (ushort)key.Family);
        if (key.Address is null)
        {
            writer.Put(Mark, key.Mark);
            return;
        }

        writer.Put(Protocol, (ushort)key.Protocol);
        writer.Put(Address, key.Address);
        writer.PutNetworkOrder(Port, key.Port);
    }

    // IPv4: a mask in network order; IPv6: its length in the machine's.
    private static void WriteNetmask(NetlinkWriter writer, IpvsService service)
    {
        if (service.Key.Family == SocketFamily.IPv6)
        {
            writer.Put(Netmask, (uint)service.PersistencePrefix);
            return;
        }

        var mask = writer.Attribute(Netmask, sizeof(uint));
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = (byte)(0xff << (8 - Math.Clamp(service.PersistencePrefix - (i * 8), 0, 8)));
        }
    }

    private static int PrefixOf(SocketFamily family, ReadOnlySpan<byte> netmask)
    {
        if (netmask.IsEmpty)
        {
            return 0;
        }

        var number = MemoryMarshal.Read<uint>(netmask);
        return family == SocketFamily.IPv6 ? (int)Math.Min(number, 128) : BitOperations.PopCount(number);
    }
}
