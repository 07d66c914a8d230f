using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Bpf;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>
/// The balancer in the kernel with its tables. What is set in them acts on the next packet; nothing here decides what they
/// ought to hold.
/// </summary>
internal sealed class XdpProgram : IDisposable
{
    private const string Name = "balancer";

    /// <summary>Of packets that somebody looks at, and has not read yet.</summary>
    private const int TapBytes = 1 << 18;

    private readonly BpfLoader _loader;
    private readonly BpfMap _rings;
    private readonly BpfMap<uint, ulong> _counters;
    private readonly BpfMap<uint, TrafficEntry> _vipTraffic;
    private readonly BpfMap<uint, TrafficEntry> _backendTraffic;
    private readonly BpfMap<TableAddress, uint> _addresses;

    /// <exception cref="BpfRefusedException">The kernel's verifier says no.</exception>
    /// <exception cref="Linux.LinuxException">It lacks a right, or the kernel a kind of map.</exception>
    /// <exception cref="BpfObjectException">The program is not the one that this was written for.</exception>
    public XdpProgram(XdpOptions options)
    {
        _loader = new(BalancerObject.Read(options));
        try
        {
            foreach (var (map, entries) in Sizes(options))
            {
                _loader.Resize(map, entries);
            }

            Program = _loader.Load(Name);
            _rings = _loader.Map("rings");
            _counters = new(_loader.Map("counters"));
            _vipTraffic = new(_loader.Map("vip_traffic"));
            _backendTraffic = new(_loader.Map("backend_traffic"));
            _addresses = new(_loader.Map("addresses"));
            Vips = new(_loader.Map("vips"));
            Ranges = new(_loader.Map("ranges"));
            Prefixes = new(_loader.Map("prefixes"));
            Sources = new(_loader.Map("sources"));
            Backends = new(_loader.Map("backends"));
            Connections = new(_loader.Map("connections"));
            Translations = new(_loader.Map("translations"));
            Handshakes = new(_loader.Map("handshakes"));
        }
        catch
        {
            _loader.Dispose();
            throw;
        }
    }

    public BpfProgram Program { get; }

    public BpfMap<VipKey, VipEntry> Vips { get; }

    public BpfMap<RangeKey, VipEntry> Ranges { get; }

    public BpfMap<PrefixKey, VipEntry> Prefixes { get; }

    public BpfMap<SourceKey, uint> Sources { get; }

    public BpfMap<uint, BackendEntry> Backends { get; }

    public BpfMap<FlowKey, ConnectionEntry> Connections { get; }

    public BpfMap<FlowKey, TranslationEntry> Translations { get; }

    public BpfMap<FlowKey, TranslationEntry> Handshakes { get; }

    /// <summary>One of its others, by the name that it has there. It stays the program's.</summary>
    public BpfMap Map(string name) => _loader.Map(name);

    /// <summary>An address of a vip, so that what has no port is known to be for it.</summary>
    public void AddAddress(IPAddress address) => _addresses.Set(TableAddress.Of(address), 1);

    public void RemoveAddress(IPAddress address) => _addresses.Remove(TableAddress.Of(address));

    /// <summary>Puts a vip's ring in the place of the one before, in one step.</summary>
    public void SetRing(uint vip, ReadOnlySpan<uint> backends)
    {
        using var ring = BpfMap.Make(_rings.Spec.Inner! with { MaxEntries = backends.Length });
        using var slots = new BpfMap<uint, uint>(ring);
        var keys = new uint[backends.Length];
        for (var slot = 0u; slot < keys.Length; slot++)
        {
            keys[slot] = slot;
        }

        slots.Set(keys, backends);
        _rings.Set(BitConverter.GetBytes(vip), ring);
    }

    /// <summary>How many packets went so, on all processors.</summary>
    public ulong Count(Reason reason)
    {
        Span<ulong> values = new ulong[Processors.Possible];
        var sum = 0UL;
        _counters.TryGet((uint)reason, values);
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    public TrafficEntry TrafficOfVip(uint number) => Sum(_vipTraffic, number);

    public TrafficEntry TrafficOfBackend(uint number) => Sum(_backendTraffic, number);

    public void Dispose()
    {
        Program.Dispose();
        Vips.Dispose();
        Ranges.Dispose();
        Prefixes.Dispose();
        Sources.Dispose();
        Backends.Dispose();
        Connections.Dispose();
        Translations.Dispose();
        Handshakes.Dispose();
        _addresses.Dispose();
        _rings.Dispose();
        _counters.Dispose();
        _vipTraffic.Dispose();
        _backendTraffic.Dispose();
        _loader.Dispose();
    }

    /// <summary>What is switched off has room for nothing.</summary>
    private static IEnumerable<(string Map, int Entries)> Sizes(XdpOptions options)
    {
        yield return ("vips", options.MostVips);
        yield return ("addresses", options.MostVips);
        yield return ("rings", options.MostVips);
        yield return ("vip_traffic", options.MostVips);
        yield return ("backends", options.MostBackends);
        yield return ("backend_traffic", options.MostBackends);
        yield return ("connections", options.HasConnections || options.HasNat ? options.MostConnections : 1);
        yield return ("translations", options.HasNat ? options.MostConnections : 1);
        yield return ("handshakes", options.HasNat ? options.MostHandshakes : 1);
        yield return ("tap_ring", options.HasTap ? TapBytes : Environment.SystemPageSize);
    }

    private static TrafficEntry Sum(BpfMap<uint, TrafficEntry> map, uint number)
    {
        var values = new TrafficEntry[Processors.Possible];
        map.TryGet(number, values);
        return values.Aggregate(default(TrafficEntry), (sum, one) => sum + one);
    }
}
