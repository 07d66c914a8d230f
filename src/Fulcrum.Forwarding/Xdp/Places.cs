using Fulcrum.Forwarding.Xdp.Pinning;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>The interfaces at which the program stands. It stays there without any process, by links that have names.</summary>
internal sealed class Places(PinFolder pins, Func<BpfProgram, int, bool, BpfLink> attach) : IDisposable
{
    private readonly Dictionary<string, (int Index, BpfLink Link)> _links = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _links.Keys;

    /// <summary>It stands at this interface, and not at a former one of that name.</summary>
    public bool Has(string name, int index) => _links.TryGetValue(name, out var place) && place.Index == index;

    /// <summary>Takes over what a process before this one left.</summary>
    /// <exception cref="LinuxException"/>
    public void Adopt()
    {
        foreach (var name in pins.Links().Where(name => !_links.ContainsKey(name)))
        {
            if (pins.OpenLink(name) is not { } link)
            {
                continue;
            }

            if (link.Interface is var index and not 0)
            {
                _links[name] = (index, link);
            }
            else
            {
                link.Dispose();
                pins.RemoveLink(name);
            }
        }
    }

    /// <param name="name">Of the interface.</param>
    /// <param name="index">And its number.</param>
    /// <param name="isGeneric">The kernel runs it, and not the driver.</param>
    /// <exception cref="LinuxException"/>
    public void Attach(string name, int index, BpfProgram program, bool isGeneric)
    {
        Detach(name);
        var link = attach(program, index, isGeneric);
        try
        {
            pins.PinLink(name, link);
        }
        catch
        {
            link.Dispose();
            throw;
        }

        _links[name] = (index, link);
    }

    /// <summary>From the next packet on it is this program, everywhere.</summary>
    /// <exception cref="LinuxException"/>
    public void Replace(BpfProgram program)
    {
        foreach (var (name, (_, link)) in _links.ToList())
        {
            if (link.Interface != 0)
            {
                link.Replace(program);
                continue;
            }

            // Its interface went.
            link.Dispose();
            _links.Remove(name);
            pins.RemoveLink(name);
        }
    }

    public void Detach(string name)
    {
        if (_links.Remove(name, out var place))
        {
            try
            {
                place.Link.Detach();
            }
            catch (LinuxException)
            {
                // Its interface went, and the program with it.
            }

            place.Link.Dispose();
            pins.RemoveLink(name);
        }
    }

    public void DetachAll()
    {
        foreach (var name in _links.Keys.ToList())
        {
            Detach(name);
        }
    }

    /// <summary>Leaves the program where it is.</summary>
    public void Dispose()
    {
        foreach (var (_, link) in _links.Values)
        {
            link.Dispose();
        }

        _links.Clear();
    }
}
