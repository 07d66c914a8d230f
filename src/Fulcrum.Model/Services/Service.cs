using Fulcrum.Model.Policies;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Services;

/// <summary>What clients reach: listeners, forwarding, and an upstream or routes.</summary>
public sealed record Service : INamed
{
    public required string Name { get; init; }

    public Labels Labels { get; init; } = Labels.Empty;

    /// <summary>For people: what it is, and who answers for it.</summary>
    public string? Description { get; init; }

    public string? Owner { get; init; }

    public bool Enabled { get; init; } = true;

    public Items<Listener> Listeners { get; init; }

    public Policy Policy { get; init; } = Policy.Unset;

    public PlaneKind Plane { get; init; } = PlaneKind.Auto;

    /// <summary>All listeners are one balancing and persistence domain (LVS does this with a firewall mark).</summary>
    public bool Together { get; init; }

    /// <summary>The upstream of everything that no route takes; null when there are only routes.</summary>
    public string? Upstream { get; init; }

    public Items<Route> Routes { get; init; }

    public ClientRules Client { get; init; } = ClientRules.None;

    public TlsTermination? Tls { get; init; }

    /// <summary>How the proxy plane keeps sessions. Null: <see cref="SessionOptions.Default"/>.</summary>
    public SessionOptions? Sessions { get; init; }

    /// <summary>Null: none.</summary>
    public AccessLog? AccessLog { get; init; }

    /// <summary>Addresses for the listeners that name none.</summary>
    public AddressRequest? AddressFrom { get; init; }

    /// <summary>Names of registries that are told of this service.</summary>
    public Items<string> Register { get; init; }

    /// <summary>Who may change this service at run time, beyond administrators.</summary>
    public Items<Grant> Grants { get; init; }
}
