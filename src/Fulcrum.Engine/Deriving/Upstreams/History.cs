using System.Net;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Finds what was decided before about the members of a roster. Mostly they stand where they stood, so the same place
/// is looked at first; only when members moved is an index built.
/// </summary>
internal sealed class History(DerivedUpstream? previous)
{
    private readonly bool[] _taken = new bool[previous?.Facts.Count ?? 0];
    private Dictionary<(string, IPAddress?, int?), int>? _places;
    private int _left = previous?.Facts.Count ?? 0;

    public bool IsAnybodyLeft => _left > 0;

    /// <summary>The backend's id, without making its text anew for one that did not change.</summary>
    public string IdOf(Backend backend, int place) =>
        place < _taken.Length && ReferenceEquals(MemoryAt(place).Backend, backend) ? MemoryAt(place).Id : backend.Id;

    /// <summary>What was decided about it; null: it is new.</summary>
    public Past? Take(string id, IPAddress? address, int? port, int place)
    {
        var at = place < _taken.Length && IsAt(place, id, address, port) ? place : Search(id, address, port);
        if (at is not { } found || _taken[found])
        {
            return null;
        }

        _taken[found] = true;
        _left--;
        return PastAt(found);
    }

    /// <summary>Those that nobody took.</summary>
    public IEnumerable<Past> Left()
    {
        for (var place = 0; place < _taken.Length; place++)
        {
            if (!_taken[place])
            {
                yield return PastAt(place);
            }
        }
    }

    private bool IsAt(int place, string id, IPAddress? address, int? port)
    {
        var memory = MemoryAt(place);
        return memory.Id == id && memory.Backend.Port == port && Equals(memory.Address, address);
    }

    private int? Search(string id, IPAddress? address, int? port)
    {
        if (_left == 0)
        {
            return null;
        }

        _places ??= Index();
        return _places.TryGetValue((id, address, port), out var place) ? place : null;
    }

    private Dictionary<(string, IPAddress?, int?), int> Index()
    {
        var places = new Dictionary<(string, IPAddress?, int?), int>(_taken.Length);
        for (var place = 0; place < _taken.Length; place++)
        {
            var memory = MemoryAt(place);
            places.TryAdd((memory.Id, memory.Address, memory.Backend.Port), place);
        }

        return places;
    }

    private MemberMemory MemoryAt(int place) => previous!.Memory.Members[place];

    private Past PastAt(int place) => new(MemoryAt(place), previous!.Plane.Backends[place], previous.Facts[place]);
}
