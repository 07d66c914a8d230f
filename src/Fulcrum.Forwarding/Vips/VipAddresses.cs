using System.Collections.Concurrent;
using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Forwarding.Sysctls;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Model.Vips;
using InterfaceAddress = Fulcrum.Linux.Netlink.Addresses.InterfaceAddress;

namespace Fulcrum.Forwarding.Vips;

/// <summary>
/// The addresses of vips on interfaces of this node.
/// <para>
/// The kernel is what is true: ours are known there by marks (<see cref="OwnMarks"/>), so that a restart finds what a
/// former run left, takes over what is still wanted without touching it, and lets the engine take away the rest. An
/// address that somebody else made is left alone, also where a vip wants just this one: that is the vip's error, and
/// it does not count as standing, since nobody promised that it stays.
/// </para>
/// <para>
/// A vip with a lifetime is one that the kernel drops by itself: we say again and again that it is still wanted, and
/// who is dead, frozen or without processor time cannot. The kernel counts down meanwhile, so what was said is
/// remembered here; after a restart what is left of it is good enough until it is time to renew.
/// </para>
/// <para>
/// IPv6 asks the link whether an address is taken (RFC 4862 section 5.4), which takes more than a second. Where other
/// nodes have the vip too, or it is taken over from one that may be frozen with it, that would only find what is
/// meant to be, and delay it; there the question is left out. Elsewhere the address stands only once nobody answered,
/// and one that is taken is the vip's error.
/// </para>
/// <para>
/// When the first IPv4 address of a network goes from an interface, the kernel takes away all that came after it,
/// whosever they are, unless it is told to promote them. So an interface is told that before a vip becomes the first
/// one; most distributions tell all.
/// </para>
/// </summary>
/// <param name="net">The network that they are raised in.</param>
/// <param name="keeper">Of the kernel parameters that vips need.</param>
/// <param name="time">By which lifetimes are renewed.</param>
public sealed partial class VipAddresses(Rtnetlink net, SysctlKeeper keeper, TimeProvider time)
    : IObjectAdapter<RaisedAddress>,
        IDisposable
{
    private readonly ReturnPaths _paths = new(net);
    private readonly QuietLinks _quiet = new(keeper);

    // Read also by who watches the kernel; changed only by who has the turn.
    private readonly ConcurrentDictionary<IPAddress, StandingAddress> _standing = new();
    private readonly SemaphoreSlim _turn = new(1);
    private volatile Action? _changed;
    private volatile bool _isStale = true;
    private NetworkPicture? _picture;

    public void Tell(Action changed) => _changed = changed;

    public async ValueTask<IReadOnlyList<RaisedAddress>> ReadAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _isStale = true;
            var picture = await PictureAsync(cancellation);
            if (_standing.IsEmpty && !picture.Addresses.Any(OwnMarks.IsVip))
            {
                _quiet.Release(picture, []);
            }

            return Found(picture);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask SetAsync(RaisedAddress wanted, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await RaiseAsync(wanted, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask RemoveAsync(RaisedAddress present, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var picture = await PictureAsync(cancellation);
            _standing.TryRemove(present.Key, out _);
            await LowerAsync(picture, present.Key, null, cancellation);
            await _paths.RemoveAsync(present.Key, cancellation);
            await RemoveDummyAsync(picture, cancellation);
            _quiet.Release(picture, _standing.Values);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<NetworkPicture> PictureAsync(CancellationToken cancellation)
    {
        if (_isStale || _picture is null)
        {
            // What changes while it is taken makes it stale again.
            _isStale = false;
            _picture = null;
            var picture = await NetworkPicture.TakeAsync(net, cancellation);
            await _paths.TakeAsync(cancellation);
            _picture = picture;
        }

        return _picture;
    }

    private List<RaisedAddress> Found(NetworkPicture picture)
    {
        var seen = new Dictionary<IPAddress, InterfaceAddress>();
        foreach (var address in picture.Addresses.Where(OwnMarks.IsVip))
        {
            // One that is where it should not be, too, is the one to tell of, so that it is put right.
            if (!seen.TryGetValue(address.Address, out var other) || IsAsKnown(picture, other))
            {
                seen[address.Address] = address;
            }
        }

        var found = new List<RaisedAddress>(seen.Count);
        foreach (var address in seen.Values)
        {
            if (IsAsKnown(picture, address))
            {
                var known = _standing[address.Address];
                if (IsWhole(picture, known.Raised, address))
                {
                    _standing[address.Address] = known with { IsComing = false };
                    found.Add(known.Raised);
                }
            }
            else
            {
                found.Add(Recognise(picture, address));
            }
        }

        // What a former run left of one whose lifetime is over.
        found.AddRange(
            _paths
                .Keys.Where(key => !seen.ContainsKey(key) && !_standing.ContainsKey(key))
                .Select(key => new RaisedAddress(
                    Fulcrum.Model.Values.InterfaceAddress.Single(key),
                    new NoPlace(),
                    TimeSpan.MaxValue
                ))
        );
        foreach (var (key, known) in _standing)
        {
            if (known.Kernel is null)
            {
                found.Add(known.Raised);
            }
            else if (!seen.ContainsKey(key) && !known.IsComing)
            {
                _standing.TryRemove(key, out _);
            }
        }

        return found;
    }

    /// <summary>It is what we made of what was wanted, and where that belongs today.</summary>
    private bool IsAsKnown(NetworkPicture picture, InterfaceAddress seen) =>
        _standing.TryGetValue(seen.Address, out var known)
        && known.IsAt(seen)
        && (seen.ValidFor is null) == (known.Kernel!.ValidFor is null)
        && Placing.Find(picture, known.Raised)?.Index == seen.Interface;

    /// <summary>Packets to it are taken, and answers leave as they should.</summary>
    private bool IsWhole(NetworkPicture picture, RaisedAddress raised, InterfaceAddress seen) =>
        (seen.Flags & (InterfaceAddressFlags.Tentative | InterfaceAddressFlags.DuplicateFound))
            == InterfaceAddressFlags.None
        && picture.Link(seen.Interface) is { IsUp: true } link
        && _quiet.AreQuiet(picture, raised, link)
        && _paths.IsWhole(raised.Key, raised.Gateway);

    /// <summary>
    /// Another run made it, or it is no longer where it belongs. It lives for an odd time here, so that it equals nothing
    /// that can be wanted: the engine will set it, or take it away.
    /// </summary>
    private static RaisedAddress Recognise(NetworkPicture picture, InterfaceAddress seen)
    {
        var name = picture.NameOf(seen.Interface);
        return new(
            new(seen.Address, seen.PrefixLength),
            name == OwnDummy.Name ? new OnDummy() : new OnInterface(name),
            seen.ValidFor is { } left ? left + TimeSpan.FromTicks(1) : TimeSpan.MaxValue
        );
    }
}
