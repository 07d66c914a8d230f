using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Model.Vips;

namespace Fulcrum.Forwarding.Vips;

/// <summary>Where an address belongs, and how it is to stand there.</summary>
internal static class Placing
{
    /// <summary>The interface; null: there is none now.</summary>
    public static NetworkLink? Find(NetworkPicture picture, RaisedAddress raised) =>
        raised.On switch
        {
            OnDummy => picture.Find(OwnDummy.Name) is { } dummy && OwnMarks.IsOurs(dummy) ? dummy : null,
            OnInterface on => picture.Find(on.Interface),
            OnMatchingInterface => Matching(picture, raised.Key),
            _ => null,
        };

    /// <summary>Why there is none, for people.</summary>
    public static string WhyNone(RaisedAddress raised) =>
        raised.On is OnInterface on
            ? $"there is no interface {on.Interface}"
            : $"no interface has a network that holds {raised.Key}: give the vip 'on:'";

    /// <summary>
    /// As it is written to the kernel.
    /// <para>
    /// A vip is for those who come to it; connections of the node's own shall not start from it. IPv6 has a word for
    /// that: its preferred time is over from the beginning (RFC 4862 section 5.5.4). IPv4 has none, but never chooses
    /// an address of scope <c>link</c> towards what is further away, so that is what a single address on a link gets.
    /// One with a network must have the scope of its neighbors there, or is refused; it is chosen only where it
    /// came before the node's own.
    /// </para>
    /// <para>
    /// The kernel makes a route to an address's network, unless the interface has one already by an address of its
    /// own: a second one would send some from the vip, or outlive the first.
    /// </para>
    /// </summary>
    public static InterfaceAddress Written(NetworkPicture picture, RaisedAddress raised, NetworkLink link)
    {
        var isIPv6 = raised.Key.AddressFamily == AddressFamily.InterNetworkV6;
        var isOnLink = link.Kind is not DummyKind && !link.Flags.HasFlag(LinkFlags.Loopback);
        var length = raised.Address.Length;
        var isReached = picture.Others.Any(other =>
            other.Interface == link.Index && other.Holds(raised.Key) && (isIPv6 || other.PrefixLength != length)
        );
        var isAsked = isIPv6 && isOnLink && !raised.IsShared;
        var lifetime = raised.Lifetime is { } span ? Whole(span) : (TimeSpan?)null;
        return new()
        {
            Interface = link.Index,
            Address = raised.Key,
            PrefixLength = length,
            Scope = !isIPv6 && isOnLink && length == 32 ? NetworkScope.Link : NetworkScope.Universe,
            Flags =
                (isReached ? InterfaceAddressFlags.NoPrefixRoute : InterfaceAddressFlags.None)
                | (isIPv6 && !isAsked ? InterfaceAddressFlags.NoDuplicateDetection : InterfaceAddressFlags.None),
            ValidFor = lifetime,
            PreferredFor = isIPv6 ? TimeSpan.Zero : lifetime,
            RoutePriority = OwnMarks.VipRoutePriority,
            Protocol = OwnMarks.VipProtocol,
        };
    }

    /// <summary>It does not stand before the link was asked.</summary>
    public static bool IsAsked(InterfaceAddress written) =>
        written.Address.AddressFamily == AddressFamily.InterNetworkV6
        && !written.Flags.HasFlag(InterfaceAddressFlags.NoDuplicateDetection);

    /// <summary>What stands there already needs no word: it is as it would be written, and lives no longer.</summary>
    public static bool IsAsWritten(InterfaceAddress seen, InterfaceAddress written)
    {
        const InterfaceAddressFlags Chosen =
            InterfaceAddressFlags.NoPrefixRoute | InterfaceAddressFlags.NoDuplicateDetection;
        return (seen.Flags & Chosen) == (written.Flags & Chosen)
            && seen.Scope == written.Scope
            && (written.ValidFor is { } most ? seen.ValidFor is { } left && left <= most : seen.ValidFor is null);
    }

    /// <summary>The kernel counts seconds, and takes none for an end at once.</summary>
    private static TimeSpan Whole(TimeSpan lifetime) =>
        TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(lifetime.TotalSeconds)));

    // The smallest network is the nearest; among its like, one that is up.
    private static NetworkLink? Matching(NetworkPicture picture, IPAddress address) =>
        (
            from other in picture.Others
            where other.Holds(address)
            let link = picture.Link(other.Interface)
            where link is not null && !link.Flags.HasFlag(LinkFlags.Loopback)
            orderby other.PrefixLength descending, link.IsUp descending, link.Index
            select link
        ).FirstOrDefault();
}
