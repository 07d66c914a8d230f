using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Bpf.Maps;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>
/// Writes the tables of a program, and only what is not in them. It reads them once, since a program before this one may
/// have left them; nobody else writes them.
/// <para>
/// The order is that no packet finds half of something: backends, then the rings that name them, then the vips that have
/// those; and what goes, the other way round.
/// </para>
/// </summary>
internal sealed class TableWriter
{
    private readonly XdpProgram _program;
    private readonly Dictionary<VipKey, VipEntry> _vips;
    private readonly Dictionary<RangeKey, VipEntry> _ranges;
    private readonly Dictionary<SourceKey, uint> _sources;
    private readonly Dictionary<uint, BackendEntry> _backends;
    private readonly HashSet<IPAddress> _addresses;
    private readonly Dictionary<uint, RingPlan> _rings = [];
    private readonly Dictionary<uint, int> _slots = [];

    /// <exception cref="Linux.LinuxException"/>
    public TableWriter(XdpProgram program)
    {
        _program = program;
        _vips = program.Vips.ToList().ToDictionary();
        _ranges = program.Ranges.ToList().ToDictionary();
        _sources = program.Sources.ToList().ToDictionary();
        _addresses = [.. program.Addresses()];
        _backends = program.Backends.ToList().Where(pair => pair.Value != default).ToDictionary();
        if (!program.HasFreshRings)
        {
            foreach (var entry in _vips.Values.Concat(_ranges.Values))
            {
                _slots[entry.Number] = (int)entry.Slots;
            }
        }
    }

    /// <summary>Entries that were written or removed.</summary>
    public long Writes { get; private set; }

    /// <summary>The entry as it is; its generation is that of whoever has the number.</summary>
    public BackendEntry BackendOf(uint number) => _backends.GetValueOrDefault(number);

    /// <summary>What a writer before this one, of the same program's tables, has written.</summary>
    public void Remember(TableWriter before)
    {
        foreach (var (vip, plan) in before._rings)
        {
            _rings[vip] = plan;
        }
    }

    /// <summary>Makes it so. What is too much stays until <see cref="Prune"/>.</summary>
    /// <exception cref="Linux.LinuxException"/>
    public void Write(TableContent content)
    {
        Set(_program.Backends, _backends, content.Backends);
        Set(_program.Sources, _sources, content.Sources);
        foreach (var (vip, plan) in content.Rings.Where(ring => Grows(ring.Key, ring.Value)))
        {
            SetRing(vip, plan);
        }

        foreach (var address in content.Addresses.Where(_addresses.Add))
        {
            _program.AddAddress(address);
            Writes++;
        }

        Set(_program.Vips, _vips, content.Vips);
        Set(_program.Ranges, _ranges, content.Ranges);
        foreach (var (vip, plan) in content.Rings)
        {
            SetRing(vip, plan);
        }

        bool Grows(uint vip, RingPlan plan) => plan.Slots >= _slots.GetValueOrDefault(vip);
    }

    /// <summary>Takes away what the content does not have.</summary>
    /// <exception cref="Linux.LinuxException"/>
    public void Prune(TableContent content)
    {
        Remove(_program.Vips, _vips, content.Vips.Keys);
        Remove(_program.Ranges, _ranges, content.Ranges.Keys);
        foreach (var address in _addresses.Except(content.Addresses).ToList())
        {
            _program.RemoveAddress(address);
            _addresses.Remove(address);
            Writes++;
        }

        foreach (var vip in _slots.Keys.Where(vip => !content.Rings.ContainsKey(vip)).ToList())
        {
            _program.RemoveRing(vip);
            _rings.Remove(vip);
            _slots.Remove(vip);
            Writes++;
        }

        Remove(_program.Sources, _sources, content.Sources.Keys);
        foreach (var (number, entry) in _backends.Where(pair => !content.Backends.ContainsKey(pair.Key)).ToList())
        {
            // Its generation is not forgotten: whoever gets the number next has the one after it.
            var nobody = new BackendEntry { Generation = entry.Generation };
            if (entry != nobody)
            {
                _program.Backends.Set(number, nobody);
                _backends[number] = nobody;
                Writes++;
            }
        }
    }

    private void SetRing(uint vip, RingPlan plan)
    {
        if (_rings.TryGetValue(vip, out var there) && there == plan)
        {
            return;
        }

        _program.SetRing(vip, plan.Build());
        (_rings[vip], _slots[vip]) = (plan, plan.Slots);
        Writes++;
    }

    private void Set<TKey, TValue>(
        BpfMap<TKey, TValue> map,
        Dictionary<TKey, TValue> there,
        Dictionary<TKey, TValue> wanted
    )
        where TKey : unmanaged
        where TValue : unmanaged, IEquatable<TValue>
    {
        foreach (var (key, value) in wanted)
        {
            if (!there.TryGetValue(key, out var present) || !present.Equals(value))
            {
                map.Set(key, value);
                there[key] = value;
                Writes++;
            }
        }
    }

    private void Remove<TKey, TValue>(
        BpfMap<TKey, TValue> map,
        Dictionary<TKey, TValue> there,
        IReadOnlyCollection<TKey> wanted
    )
        where TKey : unmanaged
        where TValue : unmanaged
    {
        foreach (var key in there.Keys.Except(wanted).ToList())
        {
            map.Remove(key);
            there.Remove(key);
            Writes++;
        }
    }
}
