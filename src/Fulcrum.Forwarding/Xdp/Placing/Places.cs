using Fulcrum.Forwarding.Xdp.Pinning;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Programs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Model.Services;

namespace Fulcrum.Forwarding.Xdp.Placing;

/// <summary>The interfaces at which the program stands.</summary>
internal sealed class Places(PlaneKind kind, PinFolder pins, Rtnetlink net) : IDisposable
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _places.Keys;

    /// <summary>It stands at this interface, and not at a former one of that name.</summary>
    public bool Has(string name, int index) => _places.TryGetValue(name, out var place) && place.Interface == index;

    /// <summary>Takes over what a process before this one left.</summary>
    /// <exception cref="LinuxException"/>
    /// <exception cref="NetlinkException"/>
    public async Task AdoptAsync()
    {
        foreach (var name in pins.Links().Where(name => !_places.ContainsKey(name)))
        {
            Adopt(name, LinkPlace.Find(pins, name), pins.RemoveLink);
        }

        foreach (var name in pins.Filters().Where(name => !_places.ContainsKey(name)))
        {
            Adopt(name, await FilterPlace.FindAsync(net, pins, name), pins.RemoveFilter);
        }
    }

    /// <param name="name">Of the interface.</param>
    /// <param name="index">And its number.</param>
    /// <param name="isGeneric">The kernel runs it, and not the driver.</param>
    /// <exception cref="LinuxException"/>
    /// <exception cref="NetlinkException"/>
    public async Task AttachAsync(string name, int index, BpfProgram program, bool isGeneric)
    {
        await DetachAsync(name);
        _places[name] =
            kind == PlaneKind.Xdp
                ? LinkPlace.Of(
                    pins,
                    name,
                    BpfLink.AttachXdp(program, index, isGeneric ? XdpMode.Generic : XdpMode.Driver)
                )
                : await AttachToTrafficControlAsync(name, index, program);
    }

    /// <summary>From the next packet on it is this program, everywhere.</summary>
    /// <exception cref="LinuxException"/>
    /// <exception cref="NetlinkException"/>
    public async Task ReplaceAsync(BpfProgram program)
    {
        foreach (var (name, place) in _places.ToList())
        {
            await (place.Interface != 0 ? place.ReplaceAsync(program) : DetachAsync(name));
        }
    }

    /// <exception cref="NetlinkException"/>
    public async Task DetachAsync(string name)
    {
        if (_places.Remove(name, out var place))
        {
            using (place)
            {
                await place.DetachAsync();
            }
        }
    }

    /// <exception cref="NetlinkException"/>
    public async Task DetachAllAsync()
    {
        foreach (var name in _places.Keys.ToList())
        {
            await DetachAsync(name);
        }
    }

    /// <summary>Leaves the program where it is.</summary>
    public void Dispose()
    {
        foreach (var place in _places.Values)
        {
            place.Dispose();
        }

        _places.Clear();
    }

    private async Task<Place> AttachToTrafficControlAsync(string name, int index, BpfProgram program)
    {
        BpfLink link;
        try
        {
            link = BpfLink.AttachTcx(program, index, isEgress: false);
        }
        catch (LinuxException exception) when (exception.Error == Errno.InvalidArgument)
        {
            // Before Linux 6.6 there is no tcx.
            return await FilterPlace.AttachAsync(net, pins, name, index, program);
        }

        return LinkPlace.Of(pins, name, link);
    }

    private void Adopt(string name, Place? place, Action<string> remove)
    {
        if (place is { Interface: not 0 })
        {
            _places[name] = place;
        }
        else
        {
            place?.Dispose();
            remove(name);
        }
    }
}
