using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Devices;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Model;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>An interface that the file names, as it is.</summary>
/// <param name="Link">Null: it is not there.</param>
/// <param name="Features">Null: this kernel does not tell.</param>
internal sealed record GroundInterface(string Name, NetworkLink? Link, XdpFeatures? Features)
{
    /// <summary>Its driver runs programs; where the kernel does not tell, attaching will.</summary>
    public bool RunsPrograms => Features is not { } known || known.HasFlag(XdpFeatures.Basic | XdpFeatures.Redirect);
}

/// <summary>The interfaces that the program is to stand at.</summary>
internal sealed class Ground
{
    private Ground(IReadOnlyList<GroundInterface> interfaces) => Interfaces = interfaces;

    public IReadOnlyList<GroundInterface> Interfaces { get; }

    /// <summary>
    /// What veth is told to transmit by the program's own verdict it loses unless its peer has a program; a redirect to the
    /// same interface it does not.
    /// </summary>
    public bool HasVeth => Interfaces.Any(one => one.Link?.Kind is VethKind);

    public static async Task<Ground> LookAsync(
        Rtnetlink net,
        NetlinkOpening open,
        XdpSettings settings,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var all = new List<GroundInterface>();
        foreach (var name in settings.Interfaces.ToList())
        {
            var link = await net.Links.FindAsync(name, cancellation);
            var features = link is null
                ? null
                : await NetworkDevices.FindXdpAsync(open, link.Index, time, cancellation);
            all.Add(new(name, link, features));
        }

        return new(all);
    }

    /// <summary>Why plane xdp cannot stand there; null: it can.</summary>
    public string? WhyNotInDriver(bool isGenericAllowed) =>
        isGenericAllowed ? null
        : Interfaces.FirstOrDefault(one => one.Link is not null && !one.RunsPrograms) is { } unable
            ? $"the driver of {unable.Name} runs no XDP programs (plane tc works there; 'xdp: {{ generic: true }}' lets the kernel run them, slowly)"
        : null;

    /// <summary>Why no plane of programs can stand there; null: one can.</summary>
    public string? WhyNowhere() =>
        Interfaces.All(one => one.Link is null)
            ? $"there is no interface {string.Join(" or ", Interfaces.Select(one => one.Name))}"
            : null;
}
