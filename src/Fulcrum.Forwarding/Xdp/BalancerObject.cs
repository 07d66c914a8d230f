using System.Globalization;
using System.Runtime.CompilerServices;
using Fulcrum.Balancing.Hashing;
using Fulcrum.Forwarding.Embedding;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Forwarding.Xdp.Tapping;
using Fulcrum.Linux.Bpf.Objects;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>
/// The compiled programs that are in this assembly, one for each hook. What they share with us is laid out as we have it, or
/// they are refused.
/// </summary>
internal static class BalancerObject
{
    /// <summary>The program at the driver.</summary>
    public const string AtDriver = "xdp.bpf.o";

    /// <summary>The program at the hook of traffic control.</summary>
    public const string AtTrafficControl = "tc.bpf.o";

    /// <summary>Of each structure: its size, and its members with their offsets and sizes.</summary>
    private static readonly (string Name, int Size, string Layout)[] Layouts =
    [
        ("vip_key", Unsafe.SizeOf<VipKey>(), "20: address 0+16, port 16+2, protocol 18+1, pad 19+1"),
        ("vip", Unsafe.SizeOf<VipEntry>(), "16: number 0+4, flags 4+4, slots 8+4, pad 12+4"),
        (
            "range_key",
            Unsafe.SizeOf<RangeKey>(),
            "28: length 0+4, protocol 4+1, pad 5+1, pad_more 6+2, address 8+16, port 24+2, pad_after 26+2"
        ),
        ("prefix_key", Unsafe.SizeOf<PrefixKey>(), "24: length 0+4, port 4+2, protocol 6+1, pad 7+1, address 8+16"),
        ("source_key", Unsafe.SizeOf<SourceKey>(), "24: length 0+4, vip 4+4, address 8+16"),
        (
            "backend",
            Unsafe.SizeOf<BackendEntry>(),
            "64: address 0+16, source 16+16, generation 32+4, interface 36+4, hardware 40+6, source_hardware 46+6, "
                + "port 52+2, tunnel_port 54+2, mtu 56+2, forwarding 58+1, flags 59+1, vlan 60+2, pad 62+2"
        ),
        (
            "flow",
            Unsafe.SizeOf<FlowKey>(),
            "40: source 0+16, destination 16+16, source_port 32+2, destination_port 34+2, protocol 36+1, pad 37+1, "
                + "pad_more 38+2"
        ),
        (
            "connection",
            Unsafe.SizeOf<ConnectionEntry>(),
            "16: backend 0+4, generation 4+4, seen 8+4, port 12+2, state 14+1, pad 15+1"
        ),
        (
            "translation",
            Unsafe.SizeOf<TranslationEntry>(),
            "72: source 0+16, destination 16+16, source_port 32+2, destination_port 34+2, backend 36+4, vip 40+4, "
                + "seen 44+4, interface 48+4, hardware 52+6, source_hardware 58+6, tags 64+8"
        ),
        ("tags", Unsafe.SizeOf<TableTags>(), "8: outer 0+4, inner 4+4"),
        ("address_key", Unsafe.SizeOf<AddressKey>(), "20: length 0+4, address 4+16"),
        ("interface", Unsafe.SizeOf<InterfaceEntry>(), "12: index 0+4, hardware 4+6, pad 10+2"),
        (
            "traffic",
            Unsafe.SizeOf<TrafficEntry>(),
            "40: packets 0+8, bytes 8+8, connections 16+8, answers 24+8, answer_bytes 32+8"
        ),
        (
            "tap",
            Unsafe.SizeOf<TapEntry>(),
            "96: directions 0+4, bytes 4+4, reasons 8+16, client 24+16, client_mask 40+16, vip 56+16, vip_mask 72+16, "
                + "port 88+2, protocol 90+1, pad 91+1, pad_more 92+4"
        ),
        (
            "tapped",
            Unsafe.SizeOf<TapRecord>() + TapOptions.MostSnapLength,
            "2080: time 0+8, reason 8+4, interface 12+4, length 16+4, kept 20+4, direction 24+4, pad 28+4, bytes 32+2048"
        ),
    ];

    /// <summary>Nobody outside may know them; all programs of a process have the same, so that they find each other's.</summary>
    private static readonly DigestKeys RecentKeys = DigestKeys.Make();

    /// <summary>Tells maps apart whose entries are laid out otherwise.</summary>
    public static string Version { get; } =
        StableHash.Of(string.Join('\n', Layouts)).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>What a program is to be for these options, still to be given to the kernel.</summary>
    /// <exception cref="BpfObjectException">It is not the one that this was written for.</exception>
    public static BpfObject Read(string name, XdpOptions options) => Set(EmbeddedObject.Read(name, Layouts), options);

    /// <summary>The same of one that is not in this assembly.</summary>
    /// <exception cref="BpfObjectException"/>
    public static BpfObject Read(string name, ReadOnlyMemory<byte> bytes, XdpOptions options) =>
        Set(EmbeddedObject.Read(name, bytes, Layouts), options);

    private static BpfObject Set(BpfObject read, XdpOptions options)
    {
        Set(read.Constants, options);
        return read;
    }

    private static void Set(BpfConstants constants, XdpOptions options)
    {
        constants.Set("hash_seed", options.HashSeed);
        Set("has_vlans", options.HasVlans);
        Set("has_ipv6", options.HasIPv6);
        Set("has_ranges", options.HasRanges);
        Set("has_prefixes", options.HasPrefixes);
        Set("has_sources", options.HasSources);
        Set("has_connections", options.KeepsConnections);
        Set("has_tunnels", options.HasTunnels);
        Set("has_nat", options.HasNat);
        Set("has_tap", options.HasTap);
        Set("transmits", options.Transmits);
        Set("passes_fragments", options.PassesFragments);
        Set("passes_options", options.PassesOptions);
        constants.Set("recent_keys", RecentKeys);
        constants.Set("recent_sets", (uint)options.RecentSets);
        constants.Set("tcp_idle", Ticks(options.TcpIdle));
        constants.Set("udp_idle", Ticks(options.UdpIdle));
        constants.Set("closing_idle", Ticks(options.ClosingIdle));
        constants.Set("attended_for", (ulong)(options.AttendedFor?.TotalNanoseconds ?? 0));
        constants.Set("most_fresh", ProgramClock.InTick(options.MostFresh));
        constants.Set("most_errors", ProgramClock.InTick(options.MostErrors));
        constants.Set("first_port", options.FirstPort);
        constants.Set("port_count", options.PortCount);

        void Set(string name, bool value) => constants.Set(name, value ? (byte)1 : (byte)0);
    }

    private static uint Ticks(TimeSpan? span) => span is { } some ? ProgramClock.TicksIn(some) : 0;
}
