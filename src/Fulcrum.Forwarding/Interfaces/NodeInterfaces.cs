using System.Collections.Concurrent;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Vips;
using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Model.Nodes;

namespace Fulcrum.Forwarding.Interfaces;

/// <summary>
/// The interfaces of <c>interfaces:</c>: VLANs, macvlans and dummies that Fulcrum makes, and the addresses that it keeps on
/// those or on others.
/// <para>
/// One that we made is known by its group (<see cref="OwnMarks"/>). It outlives the process: a node that stops gives back
/// its vips, but a restart must not take its addresses from it. It goes when the configuration no longer has it.
/// One of the same name that somebody else made is never touched, and an address that is there already as it is wanted
/// is good, whoever brought it.
/// </para>
/// <para>
/// A node's own addresses are asked for on the link before they stand (RFC 4862 section 5.4): nobody else may have them.
/// </para>
/// </summary>
public sealed class NodeInterfaces(Rtnetlink net, TimeProvider time) : IObjectAdapter<Interface>
{
    private readonly ConcurrentDictionary<string, Interface> _kept = new(StringComparer.Ordinal);
    private volatile Action? _changed;

    public void Tell(Action changed) => _changed = changed;

    /// <summary>Watches the kernel until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        new NetworkChanges(net, change => !OwnMarks.IsVip(change.Item!), time).RunAsync(
            () => _changed?.Invoke(),
            cancellation
        );

    public async ValueTask<IReadOnlyList<Interface>> ReadAsync(CancellationToken cancellation)
    {
        var picture = await NetworkPicture.TakeAsync(net, cancellation);
        var found = new Dictionary<string, Interface>(StringComparer.Ordinal);
        foreach (var (name, kept) in _kept)
        {
            if (picture.Find(name) is { } link && new InterfaceView(picture, link).Is(kept))
            {
                found[link.Name] = kept;
            }
        }

        foreach (var link in picture.Links.Where(link => link.Name != OwnDummy.Name))
        {
            var view = new InterfaceView(picture, link);
            if (view.HasAnyOfOurs && !found.ContainsKey(link.Name))
            {
                found[link.Name] = view.Describe();
            }
        }

        return [.. found.Values];
    }

    public async ValueTask SetAsync(Interface wanted, CancellationToken cancellation)
    {
        if (wanted.Name == OwnDummy.Name)
        {
            throw new AddressException($"{OwnDummy.Name} is the dummy of vips");
        }

        var picture = await NetworkPicture.TakeAsync(net, cancellation);
        var link = InterfaceView.IsMade(wanted)
            ? await MadeAsync(picture, wanted, cancellation)
            : picture.Find(wanted.Name) ?? throw new AddressException($"there is no interface {wanted.Name}");
        if (!link.IsUp)
        {
            throw new AddressException($"interface {link.Name} is down");
        }

        _kept[wanted.Name] = wanted;
        var view = new InterfaceView(picture, link);
        foreach (var surplus in view.Surplus(wanted))
        {
            await DeleteAsync(surplus, cancellation);
        }

        foreach (var address in wanted.Addresses.ToList())
        {
            await KeepAsync(view, address, cancellation);
        }

        if (!new InterfaceView(await NetworkPicture.TakeAsync(net, cancellation), link).Is(wanted))
        {
            throw new StillComingException($"{link.Name} is asked whether other machines have its addresses");
        }
    }

    public async ValueTask RemoveAsync(Interface present, CancellationToken cancellation)
    {
        _kept.TryRemove(present.Name, out _);
        var picture = await NetworkPicture.TakeAsync(net, cancellation);
        if (picture.Find(present.Name) is not { } link)
        {
            return;
        }

        if (OwnMarks.IsOurs(link))
        {
            await DeleteAsync(link, cancellation);
            return;
        }

        foreach (var address in new InterfaceView(picture, link).Ours)
        {
            await DeleteAsync(address, cancellation);
        }
    }

    private async Task<NetworkLink> MadeAsync(NetworkPicture picture, Interface wanted, CancellationToken cancellation)
    {
        var parent = wanted.On is null ? null : picture.Find(wanted.On);
        if (wanted.On is not null && parent is not { IsUp: true })
        {
            throw new AddressException(
                parent is null ? $"there is no interface {wanted.On}" : $"interface {wanted.On} is down"
            );
        }

        var present = picture.Find(wanted.Name);
        if (present is not null && !OwnMarks.IsOurs(present))
        {
            throw new AddressException($"there is an interface {wanted.Name} already, and it is not ours");
        }

        var kind = InterfaceView.KindOf(wanted);
        if (present is not null && (present.Kind != kind || present.Parent != (parent?.Index ?? 0)))
        {
            await DeleteAsync(present, cancellation);
            present = null;
        }

        if (present is null)
        {
            await AddAsync(
                new()
                {
                    Name = wanted.Name,
                    Kind = kind,
                    Parent = parent?.Index ?? 0,
                    Group = OwnMarks.LinkGroup,
                    Flags = LinkFlags.Up,
                },
                cancellation
            );
        }
        else if (!present.IsUp)
        {
            await net.Links.ChangeAsync(present.Index, new() { IsUp = true }, cancellation);
        }

        return await net.Links.FindAsync(wanted.Name, cancellation)
            ?? throw new AddressException($"interface {wanted.Name} went as soon as it was made");
    }

    private async Task AddAsync(NetworkLink link, CancellationToken cancellation)
    {
        try
        {
            await net.Links.AddAsync(link, cancellation);
        }
        catch (NetlinkException error) when (error.Error == Errno.NotSupported)
        {
            throw new AddressException(
                $"this kernel has no interfaces of kind {link.Kind!.Name} (module '{InterfaceView.ModuleOf(link.Kind)}')"
            );
        }
    }

    private async Task KeepAsync(
        InterfaceView view,
        Model.Values.InterfaceAddress wanted,
        CancellationToken cancellation
    )
    {
        var present = view.Find(wanted);
        if (present is not null && present.Flags.HasFlag(InterfaceAddressFlags.DuplicateFound))
        {
            if (OwnMarks.IsOfInterface(present))
            {
                // The next attempt asks again.
                await DeleteAsync(present, cancellation);
            }

            throw new AddressException($"another machine on {view.Link.Name} has {wanted.Address}");
        }

        if (present is null)
        {
            await net.Addresses.AddAsync(
                new InterfaceAddress
                {
                    Interface = view.Link.Index,
                    Address = wanted.Address,
                    PrefixLength = wanted.Length,
                    Protocol = OwnMarks.InterfaceProtocol,
                },
                cancellation
            );
        }
    }

    private async Task DeleteAsync(InterfaceAddress address, CancellationToken cancellation)
    {
        try
        {
            await net.Addresses.DeleteAsync(address, cancellation);
        }
        catch (NetlinkException error) when (error.Error is Errno.AddressNotAvailable or Errno.NoDevice)
        {
            // It is gone already, or its interface is.
        }
    }

    private async Task DeleteAsync(NetworkLink link, CancellationToken cancellation)
    {
        try
        {
            await net.Links.DeleteAsync(link, cancellation);
        }
        catch (NetlinkException error) when (error.Error == Errno.NoDevice)
        {
            // It is gone already, or what carried it is.
        }
    }
}
