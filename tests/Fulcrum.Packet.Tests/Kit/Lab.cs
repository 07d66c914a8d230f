using System.Net;
using Fulcrum.Balancing;
using Fulcrum.Forwarding.Xdp;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Bpf.Programs;
using Fulcrum.TestKit;

namespace Fulcrum.Packet.Tests.Kit;

/// <summary>The program with tables of a test's own, run on frames without any interface.</summary>
internal sealed class Lab : IDisposable
{
    public const int Slots = 4093;

    /// <summary>The kernel runs nothing on a frame that is only a header.</summary>
    public const int LeastLength = 15;

    private const int LeastIPv4 = 14 + 20;
    private const int LeastIPv6 = 14 + 40;

    /// <summary>The interface of every test run.</summary>
    public const uint Loopback = 1;

    private const int Room = 2048;

    // Of struct __sk_buff, that the hook of traffic control has.
    private const int ContextLength = 192;
    private const int Scratch = 48;
    private const int TagAt = 12;
    private const int TagLength = 4;
    private const uint FirstDropped = 32;
    private const uint FirstSent = 64;
    private const uint FirstSaw = 96;
    private static readonly Reason[] Ends = [.. Enum.GetValues<Reason>().Where(reason => (uint)reason < FirstSaw)];

    private readonly BpfProgram? _tagged;
    private bool _hasTags;

    public Lab(Hook hook, XdpOptions? options = null)
    {
        Require.Root();
        Hook = hook;
        Program = new(
            (options ?? new()) with
            {
                MostConnections = 20_000,
                MostHandshakes = 1000,
                MostVips = 64,
                MostBackends = 64,
            }
        );
        Program.SetInterface(Loopback, TableHardware.Of(Family.OurHardware));
        if (hook == Hook.TrafficControl)
        {
            var bytes = File.ReadAllBytes(Path.Join(Repository.Root, "tests/Fulcrum.Packet.Tests/Kit/tagged.bpf.o"));
            _tagged = Program.Load(BalancerObject.Read("tagged.bpf.o", bytes, Program.Options), "tagged");
        }
    }

    public Hook Hook { get; }

    /// <summary>How a frame leaves by the interface that it came from.</summary>
    public Verdict Leaving => Hook == Hook.Driver ? Verdict.Transmit : Verdict.Redirect;

    public XdpProgram Program { get; }

    public void Dispose()
    {
        _tagged?.Dispose();
        Program.Dispose();
    }

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
        _hasTags |= entry.Vlan != TableVlan.Kept;
        Program.Backends.Set(number, entry);
        return entry;
    }

    /// <summary>The table of connections is empty.</summary>
    public void ForgetConnections()
    {
        foreach (var (flow, _) in Program.Connections.ToList())
        {
            Program.Connections.Remove(flow);
        }
    }

    /// <summary>As after a tick: connections are looked for in their table.</summary>
    public void ForgetRecent()
    {
        var recents = Program.Map("recents");
        for (var set = 0; set < recents.Spec.MaxEntries; set++)
        {
            recents.Set(BitConverter.GetBytes(set), new byte[recents.ValueLength]);
        }
    }

    /// <summary>A frame from the client's side.</summary>
    public static byte[] Incoming(byte[] packet, params int[] tags) =>
        Wire.Ethernet(Family.OurHardware, Family.RouterHardware, packet, tags);

    /// <summary>A frame to a backend.</summary>
    public static byte[] To(uint backend, byte[] packet, params int[] tags) =>
        Wire.Ethernet(Family.HardwareOf((int)backend), Family.OurHardware, packet, tags);

    /// <summary>A frame of a backend.</summary>
    public static byte[] From(uint backend, byte[] packet, params int[] tags) =>
        Wire.Ethernet(Family.OurHardware, Family.HardwareOf((int)backend), packet, tags);

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
                : Leaving,
            verdict
        );
        return new(verdict, reason, bytes);
    }

    /// <summary>The same without a look at the counters.</summary>
    public (Verdict Verdict, byte[] Frame) Run(ReadOnlySpan<byte> frame)
    {
        if (Hook == Hook.TrafficControl)
        {
            _hasTags |= IsTagged(frame);
            return Behind(_hasTags ? RunTagged(frame) : Run(Program.TcProgram, frame));
        }

        return Run(Program.Program, frame);
    }

    /// <summary>Whether the kernel makes a test run of it: at traffic control a header of IP has to be whole.</summary>
    public bool CanRun(ReadOnlySpan<byte> frame)
    {
        var behind = Hook == Hook.TrafficControl && IsTagged(frame) ? TagLength : 0;
        return frame.Length - behind
            >= (
                Hook == Hook.Driver
                    ? LeastLength
                    : frame[(TagAt + behind)..(TagAt + behind + 2)] switch
                    {
                        [0x08, 0x00] => LeastIPv4,
                        [0x86, 0xdd] => LeastIPv6,
                        _ => LeastLength,
                    }
            );
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

    private static bool IsTagged(ReadOnlySpan<byte> frame) =>
        frame.Length >= LeastLength + TagLength && frame[TagAt..(TagAt + 2)] is [0x81, 0x00] or [0x88, 0xa8];

    private static (Verdict Verdict, byte[] Frame) Run(BpfProgram program, ReadOnlySpan<byte> frame)
    {
        Span<byte> result = stackalloc byte[Room];
        var run = program.Test(frame, result);
        return ((Verdict)run.Verdict, result[..run.Length].ToArray());
    }

    /// <summary>The kernel takes the outer tag out of a frame before the hook sees it, and puts it back when it leaves.</summary>
    private (Verdict Verdict, byte[] Frame) RunTagged(ReadOnlySpan<byte> frame)
    {
        Span<byte> result = stackalloc byte[Room];
        Span<byte> context = stackalloc byte[ContextLength];
        if (IsTagged(frame))
        {
            frame[TagAt..(TagAt + TagLength)].CopyTo(context[Scratch..]);
            frame = (byte[])[.. frame[..TagAt], .. frame[(TagAt + TagLength)..]];
        }

        var run = _tagged!.Test(frame, result, new() { Context = context, ContextResult = context });
        var left = result[..run.Length];
        var tag = context[Scratch..(Scratch + TagLength)];
        return (
            (Verdict)run.Verdict,
            tag is [0, 0, 0, 0] ? left.ToArray() : [.. left[..TagAt], .. tag, .. left[TagAt..]]
        );
    }

    private static (Verdict Verdict, byte[] Frame) Behind((Verdict Verdict, byte[] Frame) ran) =>
        (
            (int)ran.Verdict switch
            {
                -1 => Verdict.Pass,
                2 => Verdict.Drop,
                7 => Verdict.Redirect,
                _ => Verdict.Aborted,
            },
            ran.Frame
        );

    private ulong[] Counts() => [.. Ends.Select(Program.Count)];
}
