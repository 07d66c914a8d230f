using System.Net;
using Fulcrum.Forwarding.Marking;
using Fulcrum.Forwarding.SourceNat;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Model.Values;

namespace Fulcrum.Forwarding.Ipvs.Kernel;

/// <summary>
/// A service of the kernel's table with its servers, without what they have done. One that did not change is the same
/// object.
/// </summary>
/// <param name="Owner">The listener or service that it is for, as problems name it: <c>services.web.listen[0]</c>.</param>
/// <param name="Servers">By address and port.</param>
internal sealed record KernelService(
    string Owner,
    IpvsService Service,
    IReadOnlyDictionary<IPEndPoint, IpvsDestination> Servers
)
{
    private const byte Udp = 17;

    public IpvsServiceKey Key => Service.Key;

    /// <summary>What it is for; null: it is one for probes.</summary>
    public KernelRole? Role { get; init; }

    /// <summary>UDP comes to it, at least among others.</summary>
    public bool HasDatagrams =>
        Key.Protocol == Udp || (Key.Mark > 0 && (Marks.IsEmpty || Marks.Any(mark => mark.Protocol is null or Udp)));

    /// <summary>Which packets get its mark.</summary>
    public Items<MarkRule> Marks { get; init; }

    /// <summary>What its servers see instead of clients' addresses.</summary>
    public Items<SourceRule> Sources { get; init; }

    /// <summary>The same, but nobody new is let in.</summary>
    public KernelService Quiescent() =>
        this with
        {
            Servers = Servers.ToDictionary(pair => pair.Key, pair => pair.Value with { Weight = 0 }),
        };
}

/// <summary>What a service of the kernel's table carries.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Upstream">Whose backends its servers are.</param>
/// <param name="Backends">Which server is which, by <c>PlaneBackend.Id</c>.</param>
internal sealed record KernelRole(string Service, string Upstream, Items<(IPEndPoint Server, string Id)> Backends);
