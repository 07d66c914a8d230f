using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Forwarding.Xdp.Translating;

/// <summary>A listener as the program is to know it.</summary>
internal sealed record WantedVip
{
    /// <summary>The same over reload and restart: it keeps its number by that.</summary>
    public required string Identity { get; init; }

    public required string Service { get; init; }

    public required string Upstream { get; init; }

    public required IPAddress Address { get; init; }

    /// <summary>As in the IP header.</summary>
    public required byte Protocol { get; init; }

    public required PortRange Ports { get; init; }

    public VipFlags Flags { get; init; }

    /// <summary>Who may come.</summary>
    public ClientRules Client { get; init; } = ClientRules.None;

    public required Items<WantedBackend> Backends { get; init; }

    /// <summary>Nobody new comes in; what is established goes on.</summary>
    public WantedVip Quiescent() =>
        this with
        {
            Backends = Items.From(
                Backends.Select(backend => backend with { Weight = 0, Flags = backend.Flags | BackendFlags.Drains })
            ),
        };
}
