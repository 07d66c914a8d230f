using Fulcrum.Linux.Bpf.Maps;

namespace Fulcrum.Forwarding.Xdp.Numbering;

/// <summary>
/// Who has which number in the program's tables. It is written into a map that stands beside them (<c>owners</c>), and so
/// lives exactly as long: a process that finds the tables finds the book, and each keeps its number. One that is wanted no
/// longer is still its last owner's until all numbers were given once.
/// </summary>
internal sealed class NumberBook
{
    private readonly Dictionary<OwnerDigest, uint> _numbers = [];
    private readonly BpfMap<uint, OwnerDigest> _map;
    private readonly uint _kind;
    private readonly Queue<OwnerDigest> _idle = new();
    private HashSet<OwnerDigest> _wanted = [];
    private uint _fresh = 1;

    /// <param name="map">Shared by all kinds.</param>
    /// <param name="kind">A bit that tells kinds apart.</param>
    /// <exception cref="Linux.LinuxException"/>
    public NumberBook(BpfMap<uint, OwnerDigest> map, uint kind)
    {
        (_map, _kind) = (map, kind);
        foreach (var (key, owner) in map.ToList().Where(entry => (entry.Key & Bits) == kind))
        {
            var number = key & ~Bits;
            _numbers[owner] = number;
            _fresh = Math.Max(_fresh, number + 1);
        }
    }

    /// <summary>All bits of kinds.</summary>
    private const uint Bits = 1u << 31;

    /// <summary>Numbers of backends.</summary>
    public const uint Backends = 0;

    /// <summary>Numbers of vips.</summary>
    public const uint Vips = Bits;

    /// <summary>So many numbers had to be there at least: the highest that is given, and one more.</summary>
    public uint Needed => _fresh;

    /// <summary>These are wanted from now on, and all have a number below a bound.</summary>
    /// <param name="bound">As many as the tables have entries: at least one more than there are identities.</param>
    /// <returns>Those whose number was another's before, or nobody's.</returns>
    /// <exception cref="Linux.LinuxException"/>
    public IReadOnlyList<uint> Want(IReadOnlyCollection<string> identities, uint bound)
    {
        var wanted = identities.Select(OwnerDigest.Of).ToHashSet();
        foreach (var idle in _wanted.Where(owner => !wanted.Contains(owner)))
        {
            _idle.Enqueue(idle);
        }

        _wanted = wanted;
        var changed = new List<uint>();
        foreach (var owner in wanted.Where(owner => !_numbers.ContainsKey(owner)))
        {
            changed.Add(Give(owner, bound));
        }

        return changed;
    }

    public uint this[string identity] => _numbers[OwnerDigest.Of(identity)];

    private uint Give(OwnerDigest owner, uint bound)
    {
        var number = _fresh < bound ? _fresh++ : Former();
        _map.Set(number | _kind, owner);
        _numbers[owner] = number;
        return number;
    }

    private uint Former()
    {
        // Those that came back meanwhile are in the queue still; and what a former process left may never have been wanted.
        while (_idle.TryDequeue(out var idle))
        {
            if (!_wanted.Contains(idle) && _numbers.Remove(idle, out var number))
            {
                return number;
            }
        }

        var (left, free) = _numbers.First(pair => !_wanted.Contains(pair.Key));
        _numbers.Remove(left);
        return free;
    }
}
