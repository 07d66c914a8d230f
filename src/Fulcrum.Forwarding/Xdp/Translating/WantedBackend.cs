using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;

namespace Fulcrum.Forwarding.Xdp.Translating;

/// <summary>A backend of one vip as its entry is to be, all but the way to it.</summary>
/// <param name="Identity">The same over reload and restart: it keeps its number by that.</param>
/// <param name="Id">As its upstream calls it.</param>
/// <param name="Address">Where packets go.</param>
/// <param name="Port">0: the one that the client asked for.</param>
/// <param name="Forwarding">How.</param>
/// <param name="Flags">Whether its flows stay, and new ones come.</param>
/// <param name="Weight">0: it gets no new flows.</param>
internal sealed record WantedBackend(
    string Identity,
    string Id,
    IPAddress Address,
    int Port,
    BackendForwarding Forwarding,
    BackendFlags Flags,
    int Weight
)
{
    /// <summary>Of the tunnel's UDP.</summary>
    public int TunnelPort { get; init; }

    /// <summary>In place of the client's address; null: an address of this machine, where one is needed.</summary>
    public IPAddress? Source { get; init; }
}
