using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Fulcrum.Forwarding.Embedding;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Bpf.Programs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Forwarding.Decapsulation;

/// <summary>
/// Takes tunnels off in the kernel, at a backend that has no device for them (bpf/decap). It is loaded for one hook, and
/// works from when it is attached until it is disposed of, or its process ends.
/// </summary>
public sealed class Decapsulator : IAsyncDisposable
{
    /// <summary>Before filters that others may have there: what they are to see is inside.</summary>
    private const ushort Priority = 1;

    private static readonly (string Name, int Size, string Layout)[] Layouts =
    [
        ("address", Unsafe.SizeOf<TableAddress>(), "16: words 0+16"),
        ("source_key", Unsafe.SizeOf<BalancerKey>(), "20: length 0+4, address 4+16"),
    ];

    private readonly BpfLoader _loader;
    private readonly BpfMap<uint, ulong> _counters;
    private BpfLink? _link;
    private BpfFilter? _filter;

    /// <exception cref="BpfRefusedException">The kernel's verifier says no.</exception>
    /// <exception cref="LinuxException">It lacks a right, or the kernel a kind of map.</exception>
    public Decapsulator(DecapsulatorOptions options, DecapsulatorHook hook)
    {
        Hook = hook;
        var read = EmbeddedObject.Read("decap.bpf.o", Layouts);
        read.Constants.Set("has_sources", options.Balancers.Count > 0 ? (byte)1 : (byte)0);
        read.Constants.Set("tunnel_port", BinaryPrimitives.ReverseEndianness((ushort)(options.GuePort ?? 0)));
        _loader = new(read);
        try
        {
            _loader.Resize("vips", Math.Max(1, options.Vips.Count));
            _loader.Resize("sources", Math.Max(1, options.Balancers.Count));
            Program = _loader.Load(hook == DecapsulatorHook.Driver ? "in_driver" : "in_kernel");
            using var vips = new BpfMap<TableAddress, uint>(_loader.Map("vips"));
            foreach (var vip in options.Vips)
            {
                vips.Set(TableAddress.Of(vip), 1);
            }

            using var sources = new BpfMap<BalancerKey, uint>(_loader.Map("sources"));
            foreach (var network in options.Balancers)
            {
                sources.Set(new BalancerKey(network), 1);
            }

            _counters = new(_loader.Map("counters"));
        }
        catch
        {
            Program?.Dispose();
            _loader.Dispose();
            throw;
        }
    }

    public DecapsulatorHook Hook { get; }

    /// <summary>How it stands there, in the words of the kernel's tools; null: it is not attached.</summary>
    public string? Place { get; private set; }

    internal BpfProgram Program { get; }

    /// <summary>Puts it at an interface of the calling thread's network namespace.</summary>
    /// <param name="net">Of that namespace; needed until it is disposed of.</param>
    /// <param name="link">The interface's index.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LinuxException">
    /// The driver: <see cref="Errno.Busy"/>, another program is there; <see cref="Errno.NotSupported"/> and others, it cannot.
    /// </exception>
    /// <exception cref="NetlinkException"/>
    public async Task AttachAsync(Rtnetlink net, int link, CancellationToken cancellation = default)
    {
        if (Hook == DecapsulatorHook.Driver)
        {
            _link = BpfLink.AttachXdp(Program, link, XdpMode.Driver);
            Place = "xdp";
            return;
        }

        try
        {
            _link = BpfLink.AttachTcx(Program, link, isEgress: false);
            Place = "tcx";
        }
        catch (LinuxException exception) when (exception.Error == Errno.InvalidArgument)
        {
            await AttachFilterAsync(net, link, cancellation);
        }
    }

    /// <summary>As <see cref="AttachAsync"/> does on kernels before 6.6.</summary>
    internal async Task AttachFilterAsync(Rtnetlink net, int link, CancellationToken cancellation)
    {
        _filter = await BpfFilter.AttachAsync(net, Program, link, TrafficDirection.Ingress, Priority, cancellation);
        Place = "clsact";
    }

    /// <summary>How many frames went so, on all processors.</summary>
    public ulong Count(DecapsulatorReason reason)
    {
        Span<ulong> values = new ulong[Processors.Possible];
        _counters.TryGet((uint)reason, values);
        var sum = 0UL;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_filter is not null)
            {
                await _filter.DisposeAsync();
            }
        }
        finally
        {
            _link?.Dispose();
            Program.Dispose();
            _counters.Dispose();
            _loader.Dispose();
        }
    }
}
