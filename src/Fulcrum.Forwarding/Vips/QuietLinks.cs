using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Forwarding.Sysctls;
using Fulcrum.Linux.Netlink.Links;

namespace Fulcrum.Forwarding.Vips;

/// <summary>
/// A vip that every node has, on an interface without a link, is for packets that are led there: by routers that were
/// told, or unchanged by a balancer (DSR). ARP must not speak of it, or each node would answer; and Linux answers for
/// every address on every interface unless it is told otherwise, interface by interface. Whoever asks does it where he
/// takes the vip to be, whatever networks this node knows there: so all that speak ARP are told. IPv6 answers for the
/// addresses of the interface alone.
/// </summary>
internal sealed class QuietLinks(SysctlKeeper keeper)
{
    // Null: it is not known what a former run made of them.
    private HashSet<string>? _quiet;

    /// <summary>Nobody hears of it.</summary>
    public bool AreQuiet(NetworkPicture picture, RaisedAddress raised, NetworkLink link) =>
        !IsUnheard(raised, link) || Speaking(picture).IsSubsetOf(_quiet ?? []);

    /// <summary>Makes it so, before it stands.</summary>
    /// <exception cref="AddressException">The kernel does not let us.</exception>
    public void Hush(NetworkPicture picture, RaisedAddress raised, NetworkLink link)
    {
        if (AreQuiet(picture, raised, link))
        {
            return;
        }

        var speaking = Speaking(picture);
        var problems = Apply(speaking);
        if (problems.Count > 0)
        {
            throw new AddressException($"ARP would tell of it: {string.Join("; ", problems)}");
        }

        _quiet = speaking;
    }

    /// <summary>They may speak again when no vip needs it any more.</summary>
    public void Release(NetworkPicture picture, IEnumerable<StandingAddress> standing)
    {
        if (_quiet is { Count: 0 } || standing.Any(one => IsUnheard(picture, one)))
        {
            return;
        }

        // What cannot be given back now is remembered, and tried again by another run.
        Apply([]);
        _quiet = [];
    }

    private static bool IsUnheard(NetworkPicture picture, StandingAddress standing) =>
        standing.Kernel is { } kernel && picture.Link(kernel.Interface) is { } link && IsUnheard(standing.Raised, link);

    private static bool IsUnheard(RaisedAddress raised, NetworkLink link) =>
        raised is { IsOnEveryNode: true, Key.AddressFamily: AddressFamily.InterNetwork } && !HasLink(link);

    private static bool HasLink(NetworkLink link) =>
        link.Kind is not DummyKind && !link.Flags.HasFlag(LinkFlags.Loopback);

    private static HashSet<string> Speaking(NetworkPicture picture) =>
        picture
            .Others.Where(other => other.Address.AddressFamily == AddressFamily.InterNetwork)
            .Select(other => picture.Link(other.Interface))
            .Where(link => link is not null && HasLink(link) && !link.Flags.HasFlag(LinkFlags.NoArp))
            .Select(link => link!.Name)
            .ToHashSet(StringComparer.Ordinal);

    private IReadOnlyList<string> Apply(IEnumerable<string> links) =>
        keeper.Apply([.. links.SelectMany(SysctlWishes.QuietArp)]);
}
