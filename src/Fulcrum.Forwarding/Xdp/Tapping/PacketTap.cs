using System.Net;
using System.Runtime.InteropServices;
using Fulcrum.Forwarding.Xdp.Pinning;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Bpf;
using Fulcrum.Linux.Bpf.Maps;

namespace Fulcrum.Forwarding.Xdp.Tapping;

/// <summary>
/// Lets somebody look at packets while the program forwards them (<c>bpf/balancer/tap.h</c>): asks for some, and writes what
/// comes to a file, until it is enough. One at a time: the program has one place for what is asked for.
/// </summary>
public sealed class PacketTap : IDisposable
{
    private const int HeaderLength = 32;

    /// <summary>How long nobody looks whether time is over or it is cancelled.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly BpfMap<uint, TapEntry> _filter;
    private readonly BpfMap<uint, ulong> _losses;
    private readonly BpfRing _ring;
    private readonly TimeProvider _time;
    private BpfMap? _ownRing;

    /// <param name="program">Stays open and belongs to the caller.</param>
    /// <param name="time">Of the same kind as the kernel's clock.</param>
    /// <exception cref="Linux.LinuxException"/>
    internal PacketTap(XdpProgram program, TimeProvider time)
        : this(program.Map("taps"), program.Map("tap_losses"), program.Map("tap_ring"), time) { }

    private PacketTap(BpfMap filter, BpfMap losses, BpfMap ring, TimeProvider time)
    {
        _time = time;
        _filter = new(filter);
        _losses = new(losses);
        _ring = new(ring);
        Stop();
    }

    /// <summary>Of a node that forwards now, whatever process that is: by the names that it gave its tables.</summary>
    /// <param name="state">The node's state directory.</param>
    /// <param name="plane"><c>xdp</c> or <c>tc</c>.</param>
    /// <param name="time">Of the same kind as the kernel's clock.</param>
    /// <returns>Null: no node with that state directory forwards so.</returns>
    /// <exception cref="Linux.LinuxException">Only root may see its names.</exception>
    public static PacketTap? Open(string state, string plane, TimeProvider time) =>
        Open(PinFolder.Of(BpfFileSystem.UsualPath, state, plane), time);

    /// <inheritdoc cref="Open(string,string,TimeProvider)"/>
    internal static PacketTap? Open(PinFolder pins, TimeProvider time)
    {
        using var filter = pins.OpenMap("taps");
        using var losses = pins.OpenMap("tap_losses");
        // The ring stays mapped without its descriptor, but is waited for by it.
        var ring = pins.OpenMap("tap_ring");
        if (filter is null || losses is null || ring is null)
        {
            ring?.Dispose();
            return null;
        }

        return new(filter, losses, ring, time) { _ownRing = ring };
    }

    /// <summary>From now on packets are put aside. What nobody read of another look is gone.</summary>
    public void Start(TapOptions options)
    {
        Stop();
        _filter.Set(0, Entry(options));
    }

    /// <summary>The program looks at nothing any more.</summary>
    public void Stop()
    {
        _filter.Set(0, default(TapEntry));
        _ring.Read(static _ => { });
    }

    /// <summary>Starts, and writes what comes as pcapng until one of the bounds is reached or it is cancelled.</summary>
    /// <param name="options">What.</param>
    /// <param name="file">Stays open and belongs to the caller.</param>
    /// <param name="nameOf">Of an interface, by its index.</param>
    /// <param name="cancellation">Ends it; that is no failure.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public Task<TapResult> RunAsync(
        TapOptions options,
        Stream file,
        Func<int, string> nameOf,
        CancellationToken cancellation
    ) =>
        Task.Factory.StartNew(
            () => Run(options, file, nameOf, cancellation),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    public void Dispose()
    {
        Stop();
        _ring.Dispose();
        _ownRing?.Dispose();
        _filter.Dispose();
        _losses.Dispose();
    }

    private TapResult Run(TapOptions options, Stream file, Func<int, string> nameOf, CancellationToken cancellation)
    {
        var writer = new PcapngWriter(file, options.SnapLength, nameOf);
        var (packets, lost, began) = (0, Lost(), _time.GetTimestamp());
        // The program's clock began when the machine did.
        var epoch =
            (ulong)((_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks - _time.GetElapsedTime(0, began).Ticks) * 100;
        Start(options);
        try
        {
            while (true)
            {
                // What came until then is still written.
                var end = End();
                if (end is null)
                {
                    _ring.Wait(Step);
                }

                _ring.Read(record =>
                {
                    if (Bound() is null)
                    {
                        Write(writer, record, epoch);
                        packets++;
                    }
                });
                if ((Bound() ?? end) is { } reached)
                {
                    return new(packets, writer.Bytes, Lost() - lost, reached);
                }
            }
        }
        finally
        {
            Stop();
            file.Flush();
        }

        TapEnd? Bound() =>
            packets >= options.MostPackets ? TapEnd.Packets
            : writer.Bytes >= options.MostBytes ? TapEnd.Bytes
            : null;

        TapEnd? End() =>
            cancellation.IsCancellationRequested ? TapEnd.Cancelled
            : _time.GetElapsedTime(began) >= options.MostTime ? TapEnd.Time
            : null;
    }

    private static void Write(PcapngWriter writer, ReadOnlySpan<byte> record, ulong epoch)
    {
        var head = MemoryMarshal.Read<TapRecord>(record);
        var leaves = head.Direction == TapDirections.Left;
        writer.Write(
            (int)head.Interface,
            leaves,
            epoch + head.Time,
            head.Length,
            record.Slice(HeaderLength, (int)head.Kept),
            $"{head.Reason}: as it {(leaves ? "left" : "came")}"
        );
    }

    private static TapEntry Entry(TapOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SnapLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SnapLength, TapOptions.MostSnapLength);
        var entry = new TapEntry
        {
            Directions = options.Directions,
            Bytes = (uint)options.SnapLength,
            Port = TablePort.Of(options.Port ?? 0),
            Protocol = options.Protocol ?? 0,
        };
        (entry.Client, entry.ClientMask) = Masked(options.Client);
        (entry.Vip, entry.VipMask) = Masked(options.Vip);
        foreach (var reason in options.Reasons.Count > 0 ? options.Reasons : Enum.GetValues<Reason>())
        {
            entry.Reasons[(int)reason / 64] |= 1UL << ((int)reason % 64);
        }

        return entry;
    }

    private static (TableAddress Address, TableAddress Mask) Masked(IPNetwork? network)
    {
        Span<byte> mask = stackalloc byte[16];
        if (network is not { } given)
        {
            return default;
        }

        var bits = PrefixKey.BitsOf(given);
        for (var bit = 0; bit < bits; bit++)
        {
            mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return (TableAddress.Of(given.BaseAddress), MemoryMarshal.Read<TableAddress>(mask));
    }

    private ulong Lost()
    {
        Span<ulong> values = new ulong[Processors.Possible];
        _losses.TryGet(0, values);
        var sum = 0UL;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
