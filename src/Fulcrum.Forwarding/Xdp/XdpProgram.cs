using System.Net;
using Fulcrum.Forwarding.Xdp.Pinning;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Bpf;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>
/// The balancer in the kernel with its tables. What is set in them acts on the next packet; nothing here decides what they
/// ought to hold. There is a program for each of two hooks, and both know the same tables: a flow may come by either.
/// </summary>
internal sealed class XdpProgram : IDisposable
{
    private const string Name = "balancer";
    private const long Nanoseconds = 1_000_000_000;
    private const string TcName = "balancer_tc";
    private const int Interfaces = 1024;

    /// <summary>Of packets that somebody looks at, and has not read yet.</summary>
    private const int TapBytes = 1 << 18;

    private readonly BpfLoader _loader;
    private readonly Lazy<BpfProgram> _driver;
    private readonly Lazy<BpfProgram> _tc;
    private readonly string[] _maps;
    private readonly BpfMap _rings;
    private readonly BpfMapSpec _ring;
    private readonly HashSet<string> _adopted = new(StringComparer.Ordinal);
    private readonly BpfMap<uint, ulong> _counters;
    private readonly BpfMap<uint, ulong> _pulses;
    private readonly BpfMap<uint, TrafficEntry> _vipTraffic;
    private readonly BpfMap<uint, TrafficEntry> _backendTraffic;
    private readonly BpfMap<AddressKey, uint> _addresses;
    private readonly BpfMap<uint, InterfaceEntry> _interfaces;

    /// <exception cref="Linux.LinuxException">It lacks a right, or the kernel a kind of map.</exception>
    /// <exception cref="BpfObjectException">The program is not the one that this was written for.</exception>
    /// <param name="options">What is fixed.</param>
    /// <param name="pins">Where a program before this one left its maps: those that fit are taken over. Null: nowhere.</param>
    public XdpProgram(XdpOptions options, PinFolder? pins = null)
    {
        Options = options;
        _driver = new(() => _loader!.Load(Name));
        _tc = new(() => Load(BalancerObject.Read(BalancerObject.AtTrafficControl, Options), TcName));
        var read = BalancerObject.Read(BalancerObject.AtDriver, options);
        _maps = [.. read.Maps.Where(map => !map.IsFrozen).Select(map => map.Name)];
        _loader = Prepare(read);
        try
        {
            Adopt(pins);
            HasFreshRings = !_adopted.Contains("rings");
            _rings = _loader.Map("rings");
            _ring = _loader.SpecOf("rings").Inner!;
            _pulses = new(_loader.Map("pulses"));
            _counters = new(_loader.Map("counters"));
            _vipTraffic = new(_loader.Map("vip_traffic"));
            _backendTraffic = new(_loader.Map("backend_traffic"));
            _addresses = new(_loader.Map("addresses"));
            _interfaces = new(_loader.Map("interfaces"));
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

    /// <summary>What it was loaded with.</summary>
    public XdpOptions Options { get; }

    /// <summary>For the driver; loaded when it is asked for the first time.</summary>
    /// <exception cref="BpfRefusedException">The kernel's verifier says no.</exception>
    /// <exception cref="Linux.LinuxException"/>
    public BpfProgram Program => _driver.Value;

    /// <summary>For the ingress of traffic control (tcx); loaded when it is asked for the first time.</summary>
    /// <exception cref="BpfRefusedException"/>
    /// <exception cref="Linux.LinuxException"/>
    public BpfProgram TcProgram => _tc.Value;

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
    public void AddAddress(IPAddress address) => AddAddresses(Only(address));

    public void RemoveAddress(IPAddress address) => RemoveAddresses(Only(address));

    /// <summary>The same for many.</summary>
    public void AddAddresses(IPNetwork network) => _addresses.Set(new AddressKey(network), 1);

    public void RemoveAddresses(IPNetwork network) => _addresses.Remove(new AddressKey(network));

    /// <summary>
    /// From now on frames of an interface are only taken that are for its hardware address: it may hear those of others.
    /// False: the place in the table is another interface's, and all of its frames are taken.
    /// </summary>
    public bool SetInterface(uint index, TableHardware hardware)
    {
        if (_interfaces.TryGet(index % Interfaces, out var found) && found.Index != 0 && found.Index != index)
        {
            return false;
        }

        _interfaces.Set(index % Interfaces, new InterfaceEntry(index, hardware));
        return true;
    }

    /// <summary>An interface takes all frames again.</summary>
    public void RemoveInterface(uint index)
    {
        if (_interfaces.TryGet(index % Interfaces, out var found) && found.Index == index)
        {
            _interfaces.Set(index % Interfaces, default(InterfaceEntry));
        }
    }

    /// <summary>Puts a vip's ring in the place of the one before, in one step.</summary>
    public void SetRing(uint vip, ReadOnlySpan<uint> backends)
    {
        using var ring = BpfMap.Make(_ring with { MaxEntries = backends.Length });
        using var slots = new BpfMap<uint, uint>(ring);
        var keys = new uint[backends.Length];
        for (var slot = 0u; slot < keys.Length; slot++)
        {
            keys[slot] = slot;
        }

        slots.Set(keys, backends);
        _rings.Set(BitConverter.GetBytes(vip), ring);
    }

    /// <summary>Rings are not those of a program before.</summary>
    public bool HasFreshRings { get; }

    /// <summary>The addresses of vips.</summary>
    public IEnumerable<IPAddress> Addresses() => _addresses.ToList().Select(entry => entry.Key.Address.ToAddress());

    /// <summary>Takes the ring of a vip away.</summary>
    public void RemoveRing(uint vip) => _rings.Remove(BitConverter.GetBytes(vip));

    /// <summary>Gives names to those maps that have none yet.</summary>
    /// <exception cref="Linux.LinuxException"/>
    public void Pin(PinFolder pins)
    {
        foreach (var name in _maps.Where(name => !_adopted.Contains(name)))
        {
            pins.Pin(name, _loader.Map(name));
            _adopted.Add(name);
        }
    }

    /// <summary>Another has the number from now on, and is counted from nothing.</summary>
    public void ForgetTrafficOfVip(uint number) => Clear(_vipTraffic, number);

    /// <inheritdoc cref="ForgetTrafficOfVip"/>
    public void ForgetTrafficOfBackend(uint number) => Clear(_backendTraffic, number);

    /// <summary>Somebody looks after the tables.</summary>
    /// <param name="time">For its timestamps, which are the kernel's (CLOCK_MONOTONIC).</param>
    public void Attend(TimeProvider time) =>
        _pulses.Set(0, (ulong)(time.GetTimestamp() * (Nanoseconds / time.TimestampFrequency)));

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

    /// <summary>A program of another object that has the same tables.</summary>
    /// <exception cref="BpfRefusedException"/>
    /// <exception cref="Linux.LinuxException"/>
    public BpfProgram Load(BpfObject of, string name)
    {
        using var loader = Prepare(of);
        foreach (var map in of.Maps)
        {
            loader.Use(map.Name, _loader.Map(map.Name).Copy());
        }

        return loader.Load(name);
    }

    public void Dispose()
    {
        if (_tc.IsValueCreated)
        {
            _tc.Value.Dispose();
        }

        if (_driver.IsValueCreated)
        {
            _driver.Value.Dispose();
        }

        Vips.Dispose();
        Ranges.Dispose();
        Prefixes.Dispose();
        Sources.Dispose();
        Backends.Dispose();
        Connections.Dispose();
        Translations.Dispose();
        Handshakes.Dispose();
        _addresses.Dispose();
        _interfaces.Dispose();
        _rings.Dispose();
        _counters.Dispose();
        _pulses.Dispose();
        _vipTraffic.Dispose();
        _backendTraffic.Dispose();
        _loader.Dispose();
    }

    private static IPNetwork Only(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);

    private BpfLoader Prepare(BpfObject of)
    {
        var loader = new BpfLoader(of);
        foreach (var (map, entries) in Sizes(Options))
        {
            loader.Resize(map, entries);
        }

        return loader;
    }

    /// <summary>What is switched off has room for nothing.</summary>
    private static IEnumerable<(string Map, int Entries)> Sizes(XdpOptions options)
    {
        yield return ("vips", options.MostVips);
        yield return ("addresses", 2 * options.MostVips);
        yield return ("rings", options.MostVips);
        yield return ("vip_traffic", options.MostVips);
        yield return ("backends", options.MostBackends);
        yield return ("backend_traffic", options.MostBackends);
        yield return ("connections", options.KeepsConnections ? options.MostConnections : 1);
        yield return ("recents", options.RecentSets);
        yield return ("translations", options.HasNat ? options.MostConnections : 1);
        yield return ("handshakes", options.HasNat ? options.MostHandshakes : 1);
        yield return ("tap_ring", options.HasTap ? TapBytes : Environment.SystemPageSize);
    }

    // What another version left may be of another shape.
    private void Adopt(PinFolder? pins)
    {
        foreach (var name in _maps)
        {
            if (pins?.OpenMap(name) is not { } map)
            {
                continue;
            }

            if (map.Spec.FitsAs(_loader.SpecOf(name)))
            {
                _loader.Use(name, map);
                _adopted.Add(name);
            }
            else
            {
                map.Dispose();
            }
        }
    }

    private static void Clear(BpfMap map, uint number) =>
        map.Set(BitConverter.GetBytes(number), new byte[map.ValueLength]);

    private static TrafficEntry Sum(BpfMap<uint, TrafficEntry> map, uint number)
    {
        var values = new TrafficEntry[Processors.Possible];
        map.TryGet(number, values);
        return values.Aggregate(default(TrafficEntry), (sum, one) => sum + one);
    }
}
