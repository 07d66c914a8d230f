using System.Net;
using Fulcrum.Balancing;
using Fulcrum.Forwarding.Xdp;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.TestKit;

namespace Fulcrum.Packet.Tests.Kit;

/// <summary>The program with tables of a test's own, run on frames without any interface.</summary>
internal sealed class Lab : IDisposable
{
    public const int Slots = 4093;

    private const int Room = 2048;
    private const uint FirstDropped = 32;
    private const uint FirstSent = 64;
    private const uint FirstSaw = 96;
    private static readonly Reason[] Ends = [.. Enum.GetValues<Reason>().Where(reason => (uint)reason < FirstSaw)];

    public Lab(XdpOptions? options = null)
    {
        Require.Root();
        Program = new(
            (options ?? new()) with
            {
                MostConnections = 20_000,
                MostHandshakes = 1000,
                MostVips = 64,
                MostBackends = 64,
            }
        );
    }

    public XdpProgram Program { get; }

    public void Dispose() => Program.Dispose();

    /// <summary>A vip for TCP and UDP with a ring of these backends.</summary>
    public void Vip(uint number, Family family, VipFlags flags = VipFlags.None, params uint[] backends)
    {
        Ring(number, backends);
        foreach (var protocol in new[] { Wire.Tcp, Wire.Udp })
        {
            Program.Vips.Set(
                new VipKey(TableAddress.Of(family.Vip), TablePort.Of(Family.VipPort), protocol),
                new VipEntry(number, flags, Slots)
            );
        }

        Program.AddAddress(family.Vip);
    }

    public void Ring(uint vip, params uint[] backends) =>
        Program.SetRing(
            vip,
            BalancerRing.Build([.. backends.Select(number => (number, new Candidate(number * 7919UL, 1)))], Slots)
        );

    public BackendEntry Backend(
        uint number,
        BackendForwarding forwarding,
        Family family,
        Func<BackendEntry, BackendEntry>? change = null
    )
    {
        var entry = new BackendEntry
        {
            Address = TableAddress.Of(family.Backend((int)number)),
            Source = TableAddress.Of(family.Ours),
            Generation = 1,
            Hardware = TableHardware.Of(Family.HardwareOf((int)number)),
            SourceHardware = TableHardware.Of(Family.OurHardware),
            TunnelPort = TablePort.Of(Sums.TunnelPort),
            Mtu = 1500,
            Forwarding = forwarding,
            Flags = BackendFlags.Up | (family.IsSix ? BackendFlags.IsIPv6 : BackendFlags.None),
        };
        entry = change?.Invoke(entry) ?? entry;
        Program.Backends.Set(number, entry);
        return entry;
    }

    /// <summary>A frame from the client's side.</summary>
    public static byte[] Incoming(byte[] packet, params int[] tags) =>
        Wire.Ethernet(Family.OurHardware, Family.RouterHardware, packet, tags);

    /// <summary>A frame to a backend.</summary>
    public static byte[] To(uint backend, byte[] packet, params int[] tags) =>
        Wire.Ethernet(Family.HardwareOf((int)backend), Family.OurHardware, packet, tags);

    /// <summary>A frame of a backend.</summary>
    public static byte[] From(uint backend, byte[] packet) =>
        Wire.Ethernet(Family.OurHardware, Family.HardwareOf((int)backend), packet);

    /// <summary>A frame back to where the client's came from.</summary>
    public static byte[] Returning(byte[] packet, params int[] tags) =>
        Wire.Ethernet(Family.RouterHardware, Family.OurHardware, packet, tags);

    /// <summary>Runs it. Exactly one reason must have been counted, and the verdict be that of its kind.</summary>
    public Outcome Send(byte[] frame)
    {
        var before = Counts();
        var (verdict, bytes) = Run(frame);
        var after = Counts();
        var risen = Ends.Where((_, i) => after[i] != before[i]).ToList();
        var reason = Assert.Single(risen);
        Assert.Equal(1UL, after[Array.IndexOf(Ends, reason)] - before[Array.IndexOf(Ends, reason)]);
        Assert.Equal(
            (uint)reason < FirstDropped ? Verdict.Pass
                : (uint)reason < FirstSent ? Verdict.Drop
                : verdict == Verdict.Redirect ? Verdict.Redirect
                : Verdict.Transmit,
            verdict
        );
        return new(verdict, reason, bytes);
    }

    /// <summary>The same without a look at the counters.</summary>
    public (Verdict Verdict, byte[] Frame) Run(ReadOnlySpan<byte> frame)
    {
        Span<byte> result = stackalloc byte[Room];
        var run = Program.Program.Test(frame, result);
        return ((Verdict)run.Verdict, result[..run.Length].ToArray());
    }

    /// <summary>A frame must come out exactly so.</summary>
    public void Expect(byte[] sent, Reason reason, byte[] expected)
    {
        var outcome = Send(sent);
        Assert.Equal(reason, outcome.Reason);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(outcome.Frame));
    }

    /// <summary>A frame must be passed or dropped as it came.</summary>
    public void Expect(byte[] sent, Reason reason) => Expect(sent, reason, sent);

    /// <summary>Where a frame is sent to, by the hardware address.</summary>
    public uint BackendOf(byte[] frame)
    {
        var outcome = Send(frame);
        Assert.InRange((uint)outcome.Reason, FirstSent, FirstSaw);
        return outcome.Frame[5];
    }

    public static FlowKey Flow(IPEndPoint source, IPEndPoint destination, byte protocol) =>
        FlowKey.Of(source, destination, protocol);

    private ulong[] Counts() => [.. Ends.Select(Program.Count)];
}
