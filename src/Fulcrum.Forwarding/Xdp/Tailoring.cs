using System.Net.Sockets;
using System.Numerics;
using Fulcrum.Balancing.Hashing;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Forwarding.Xdp.Translating;
using Fulcrum.Model;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>A program with what is asked for, and nothing else: what nobody uses costs nothing.</summary>
internal static class Tailoring
{
    /// <summary>Tables are not made smaller than this: growing one means making it anew.</summary>
    private const int LeastEntries = 1024;

    /// <summary>Who looks after the tables is gone when nothing was heard of him for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static XdpOptions OptionsFor(
        IReadOnlyCollection<WantedVip> vips,
        XdpSettings settings,
        Ground ground,
        (int Vips, int Backends) sizes
    )
    {
        var backends = vips.SelectMany(vip => vip.Backends).ToList();
        return new()
        {
            HashSeed = StableHash.Of("xdp", (ulong)settings.HashSeed),
            HasIPv6 =
                vips.Any(vip => vip.Address.AddressFamily == AddressFamily.InterNetworkV6)
                || backends.Exists(backend => backend.Flags.HasFlag(BackendFlags.IsIPv6)),
            HasRanges = vips.Any(vip => !vip.Ports.IsSingle),
            HasPrefixes = false,
            HasSources = vips.Any(vip => vip.Flags.HasFlag(VipFlags.ListsSources)),
            HasConnections = vips.Any(vip => !vip.Flags.HasFlag(VipFlags.Forgets)),
            HasTunnels = backends.Exists(backend =>
                backend.Forwarding is BackendForwarding.IpInIp or BackendForwarding.Gue
            ),
            HasNat = backends.Exists(backend =>
                backend.Forwarding is BackendForwarding.Nat or BackendForwarding.FullNat
            ),
            Transmits = !ground.HasVeth,
            PassesFragments = settings.Fragments == OddPackets.Pass,
            PassesOptions = settings.Options == OddPackets.Pass,
            TcpIdle = settings.TcpIdle,
            UdpIdle = settings.UdpIdle,
            AttendedFor = settings.WhenGone == WhenGone.Withdraw ? Patience : null,
            MostConnections = settings.Connections,
            MostHandshakes = Math.Max(LeastEntries, settings.Connections / 8),
            MostVips = sizes.Vips,
            MostBackends = sizes.Backends,
        };
    }

    /// <summary>Entries for so many, with room to grow; never fewer than there are.</summary>
    public static int SizeFor(int wanted, int present) =>
        Math.Max(present, Math.Max(LeastEntries, (int)BitOperations.RoundUpToPowerOf2((uint)wanted * 2)));
}
