using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Forwarding.Sysctls;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Model.Vips;

namespace Fulcrum.Forwarding.Vips;

/// <summary>
/// A vip that every node has, on an interface without a link, is for packets that are led there: by routers that were
/// told, or unchanged by a balancer (DSR). ARP must not speak of it, or each node would answer; and Linux answers for
/// every address on every interface unless it is told otherwise. Only interfaces with a network that holds the vip
/// are: nobody asks elsewhere. IPv6 answers for the addresses of the interface alone.
/// </summary>
internal sealed class QuietLinks(SysctlKeeper keeper)
{
    // Null: it is not known what a former run made of them.
    private HashSet<string>? _quiet;

    /// <summary>Before it stands.</summary>
    /// <exception cref="AddressException">The kernel does not let us.</exception>
    public void Add(NetworkPicture picture, RaisedAddress raised, NetworkLink link)
    {
        var asked = AskedOn(picture, raised, link).ToHashSet(StringComparer.Ordinal);
        if (asked.Count == 0 || asked.IsSubsetOf(_quiet ?? []))
        {
            return;
        }

        HashSet<string> quiet = [.. _quiet ?? [], .. asked];
        var problems = Apply(quiet);
        if (problems.Count > 0)
        {
            throw new AddressException($"ARP would tell of it: {string.Join("; ", problems)}");
        }

        _quiet = quiet;
    }

    /// <summary>What no vip needs any more is given back.</summary>
    public void Keep(NetworkPicture picture, IEnumerable<StandingAddress> standing)
    {
        var needed = standing
            .Where(one => one.Kernel is not null && picture.Link(one.Kernel.Interface) is not null)
            .SelectMany(one => AskedOn(picture, one.Raised, picture.Link(one.Kernel!.Interface)!))
            .ToHashSet(StringComparer.Ordinal);
        if (_quiet is null || !needed.SetEquals(_quiet))
        {
            // What cannot be given back now is remembered, and tried again with the next.
            Apply(needed);
            _quiet = needed;
        }
    }

    private IReadOnlyList<string> Apply(IEnumerable<string> links) =>
        keeper.Apply([.. links.SelectMany(SysctlWishes.QuietArp)]);

    private static IEnumerable<string> AskedOn(NetworkPicture picture, RaisedAddress raised, NetworkLink link) =>
        raised is { IsOnEveryNode: true, Key.AddressFamily: AddressFamily.InterNetwork }
        && (link.Kind is DummyKind || link.Flags.HasFlag(LinkFlags.Loopback))
            ? picture
                .Others.Where(other => other.Interface != link.Index && other.Holds(raised.Key))
                .Select(other => picture.NameOf(other.Interface))
            : [];
}
