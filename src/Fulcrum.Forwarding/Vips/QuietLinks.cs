using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Forwarding.Sysctls;
using Fulcrum.Linux.Netlink.Links;

namespace Fulcrum.Forwarding.Vips;

/// <summary>
/// Interfaces that must not speak by ARP of addresses of others. Linux answers for every address on every interface
/// unless it is told otherwise, interface by interface.
/// <para>
/// A vip that every node has, on an interface without a link, is for packets that are led there: by routers that were
/// told, or unchanged by a balancer (DSR). Were it spoken of, each node would answer; whoever asks does it where he takes
/// the vip to be, whatever networks this node knows there, so all that speak ARP are told. And a macvlan has a hardware
/// address of its own, which the interface below it would answer beside.
/// </para>
/// <para>IPv6 answers for the addresses of the interface alone.</para>
/// </summary>
internal sealed class QuietLinks(SysctlKeeper keeper)
{
    // Null: it is not known what a former run made of them.
    private HashSet<string>? _quiet;

    /// <summary>Nobody answers for it who should not.</summary>
    public bool AreQuiet(NetworkPicture picture, RaisedAddress raised, NetworkLink link) =>
        Needed(picture, raised, link).All(name => _quiet?.Contains(name) ?? false);

    /// <summary>Makes it so, before it stands.</summary>
    /// <exception cref="AddressException">The kernel does not let us.</exception>
    public void Hush(NetworkPicture picture, RaisedAddress raised, NetworkLink link)
    {
        if (AreQuiet(picture, raised, link))
        {
            return;
        }

        HashSet<string> quiet = [.. _quiet ?? [], .. Needed(picture, raised, link)];
        var problems = Apply(quiet);
        if (problems.Count > 0)
        {
            throw new AddressException($"ARP would tell of it: {string.Join("; ", problems)}");
        }

        _quiet = quiet;
    }

    /// <summary>Those that no vip needs any more may speak again.</summary>
    public void Release(NetworkPicture picture, IEnumerable<StandingAddress> standing)
    {
        if (_quiet is { Count: 0 })
        {
            return;
        }

        var needed = standing
            .Where(one => one.Kernel is not null && picture.Link(one.Kernel.Interface) is not null)
            .SelectMany(one => Needed(picture, one.Raised, picture.Link(one.Kernel!.Interface)!))
            .ToHashSet(StringComparer.Ordinal);
        if (_quiet is null || !_quiet.SetEquals(needed))
        {
            // What cannot be given back now is remembered, and tried again by another run.
            Apply(needed);
            _quiet = needed;
        }
    }

    private static IEnumerable<string> Needed(NetworkPicture picture, RaisedAddress raised, NetworkLink link) =>
        raised.Key.AddressFamily != AddressFamily.InterNetwork ? []
        : link.Kind is MacvlanKind ? Speaking(picture, other => other.Index == link.Index || other.Index == link.Parent)
        : raised.IsOnEveryNode && !HasLink(link) ? Speaking(picture, HasLink)
        : [];

    private static bool HasLink(NetworkLink link) =>
        link.Kind is not DummyKind && !link.Flags.HasFlag(LinkFlags.Loopback);

    private static IEnumerable<string> Speaking(NetworkPicture picture, Func<NetworkLink, bool> isMeant) =>
        picture
            .Others.Where(other => other.Address.AddressFamily == AddressFamily.InterNetwork)
            .Select(other => picture.Link(other.Interface))
            .Where(link => link is not null && !link.Flags.HasFlag(LinkFlags.NoArp) && isMeant(link))
            .Select(link => link!.Name);

    private IReadOnlyList<string> Apply(IEnumerable<string> links) =>
        keeper.Apply([.. links.SelectMany(SysctlWishes.QuietArp)]);
}
