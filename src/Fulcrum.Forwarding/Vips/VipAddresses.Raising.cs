using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Model.Vips;

namespace Fulcrum.Forwarding.Vips;

/// <summary>One address into the kernel and out of it. Only who has the turn comes here.</summary>
public sealed partial class VipAddresses
{
    private async Task RaiseAsync(RaisedAddress wanted, CancellationToken cancellation)
    {
        var picture = await PictureAsync(cancellation);
        if (wanted.On is NoPlace)
        {
            await LowerAsync(picture, wanted.Key, null, cancellation);
            await _paths.RemoveAsync(wanted.Key, cancellation);
            _standing[wanted.Key] = new(wanted, null, null);
            return;
        }

        if (picture.Of(wanted.Key).FirstOrDefault(at => !OwnMarks.IsVip(at)) is { } foreign)
        {
            throw Foreign(wanted, picture.NameOf(foreign.Interface));
        }

        var link = await LinkAsync(picture, wanted, cancellation);
        var written = Placing.Written(picture, wanted, link);
        var present = picture.Of(wanted.Key).FirstOrDefault(at => IsSamePlace(at, written));
        await ComplainOfDuplicateAsync(picture, link, present, written, cancellation);
        _quiet.Hush(picture, wanted, link);
        var isKept = present is not null && Placing.IsAsWritten(present, written);
        var isComing =
            Placing.IsAsked(written) && (present is null || present.Flags.HasFlag(InterfaceAddressFlags.Tentative));
        var before = _standing.GetValueOrDefault(wanted.Key);
        // The kernel tells of it at once, and it must be known as ours by then.
        _standing[wanted.Key] = new(
            wanted,
            written,
            RenewalOf(written.ValidFor, isKept ? present!.ValidFor : written.ValidFor),
            isComing
        );
        try
        {
            if (present is null)
            {
                await AddAsync(picture, wanted, written, link, cancellation);
            }
            else if (!isKept)
            {
                await net.Addresses.ReplaceAsync(written, cancellation);
                picture.Add(written);
            }
        }
        catch
        {
            Restore(wanted.Key, before);
            _isStale = true;
            throw;
        }

        await LowerAsync(picture, wanted.Key, written, cancellation);
        await _paths.SetAsync(wanted.Key, wanted.Gateway, link.Index, cancellation);
        _renewals.Ring();
        if (isComing)
        {
            throw new StillComingException($"{link.Name} is asked whether another machine has {wanted.Key}");
        }
    }

    private async Task AddAsync(
        NetworkPicture picture,
        RaisedAddress wanted,
        InterfaceAddress written,
        NetworkLink link,
        CancellationToken cancellation
    )
    {
        var isIPv6 = wanted.Key.AddressFamily == AddressFamily.InterNetworkV6;
        if (isIPv6 && picture.Of(wanted.Key).FirstOrDefault(at => at.Interface == link.Index) is { } longer)
        {
            // An interface has an IPv6 address once, of whatever length.
            await DeleteAsync(picture, longer, cancellation);
        }

        if (!isIPv6 && written.PrefixLength < 32 && !HasNetworkOf(picture, written))
        {
            await net.Links.SetIPv4Async(link.Index, IPv4Setting.PromoteSecondaries, 1, cancellation);
        }

        try
        {
            await net.Addresses.AddAsync(written, cancellation);
        }
        catch (NetlinkException error) when (error.Error == Errno.Exists)
        {
            throw Foreign(wanted, link.Name);
        }

        picture.Add(written);
    }

    private static bool HasNetworkOf(NetworkPicture picture, InterfaceAddress written) =>
        picture.Others.Any(other =>
            other.Interface == written.Interface
            && other.PrefixLength == written.PrefixLength
            && other.Holds(written.Address)
        );

    /// <summary>
    /// Somebody answered when the link was asked. The kernel then leaves an address that is for ever, marked, and drops
    /// one that is for a while; the next attempt asks again.
    /// </summary>
    private async Task ComplainOfDuplicateAsync(
        NetworkPicture picture,
        NetworkLink link,
        InterfaceAddress? present,
        InterfaceAddress written,
        CancellationToken cancellation
    )
    {
        var key = written.Address;
        if (present?.Flags.HasFlag(InterfaceAddressFlags.DuplicateFound) ?? false)
        {
            _standing.TryRemove(key, out _);
            await DeleteAsync(picture, present, cancellation);
        }
        else if (
            present is null
            && _standing.TryGetValue(key, out var asked)
            && asked.IsComing
            && IsSamePlace(asked.Kernel!, written)
        )
        {
            _standing.TryRemove(key, out _);
        }
        else
        {
            return;
        }

        throw new AddressException($"another machine on {link.Name} has {key}");
    }

    private async Task<NetworkLink> LinkAsync(
        NetworkPicture picture,
        RaisedAddress wanted,
        CancellationToken cancellation
    )
    {
        var link = Placing.Find(picture, wanted);
        if (wanted.On is OnDummy && link is not { IsUp: true })
        {
            link = await OwnDummy.MakeAsync(net, link, cancellation);
            picture.Add(link);
        }

        return link is null ? throw new AddressException(Placing.WhyNone(wanted))
            : link.IsUp ? link
            : throw new AddressException($"interface {link.Name} is down");
    }

    /// <summary>Takes away all of ours of this address but the one to keep.</summary>
    private async Task LowerAsync(
        NetworkPicture picture,
        IPAddress key,
        InterfaceAddress? keep,
        CancellationToken cancellation
    )
    {
        foreach (var present in picture.Of(key).ToList())
        {
            if (OwnMarks.IsVip(present) && (keep is null || !IsSamePlace(present, keep)))
            {
                await DeleteAsync(picture, present, cancellation);
            }
        }
    }

    private async Task DeleteAsync(NetworkPicture picture, InterfaceAddress present, CancellationToken cancellation)
    {
        try
        {
            await net.Addresses.DeleteAsync(present, cancellation);
        }
        catch (NetlinkException error) when (error.Error is Errno.AddressNotAvailable or Errno.NoDevice)
        {
            // It is gone already, or its interface is.
        }

        picture.Remove(present);
    }

    private async Task RemoveDummyAsync(NetworkPicture picture, CancellationToken cancellation)
    {
        if (
            picture.Find(OwnDummy.Name) is { } dummy
            && OwnMarks.IsOurs(dummy)
            && !picture.Addresses.Any(at => at.Interface == dummy.Index && OwnMarks.IsVip(at))
        )
        {
            await OwnDummy.RemoveAsync(net, dummy, cancellation);
            _isStale = true;
        }
    }

    private void Restore(IPAddress key, StandingAddress? before)
    {
        if (before is null)
        {
            _standing.TryRemove(key, out _);
        }
        else
        {
            _standing[key] = before;
        }
    }

    private static bool IsSamePlace(InterfaceAddress one, InterfaceAddress other) =>
        one.Interface == other.Interface && one.PrefixLength == other.PrefixLength;

    private static AddressException Foreign(RaisedAddress wanted, string on) =>
        new($"{wanted.Key} stands on {on} already, and is not ours");
}
