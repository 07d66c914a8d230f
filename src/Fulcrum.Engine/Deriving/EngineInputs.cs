using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>All that decisions are made from. Immutable; a part that did not change is the same object.</summary>
public sealed record EngineInputs
{
    public static EngineInputs Nothing { get; } = new();

    /// <summary>Which of the snapshot's nodes this is.</summary>
    public string Node { get; init; } = "";

    public Snapshot Snapshot { get; init; } = Snapshot.Empty;

    /// <summary>The planes that this node has.</summary>
    public Items<PlaneOffer> Planes { get; init; } = [PlaneOffer.Proxy];

    /// <summary>What checks have found. A task that is not here is unknown.</summary>
    public Map<ProbeTask, CheckHealth> Health { get; init; } = Map<ProbeTask, CheckHealth>.Empty;

    /// <summary>Addresses of backends that are written as names.</summary>
    public Map<string, NameAddresses> Names { get; init; } = Map<string, NameAddresses>.Empty;

    /// <summary>What discoveries have found, by upstream.</summary>
    public Map<string, DiscoveredMembers> Members { get; init; } = Map<string, DiscoveredMembers>.Empty;

    /// <summary>Operators' decisions; one for each target.</summary>
    public Map<OverrideTarget, Override> Overrides { get; init; } = Map<OverrideTarget, Override>.Empty;

    /// <summary>The last complaint of real traffic about a backend, by <c>UPSTREAM/BACKEND</c>.</summary>
    public Map<string, PassiveSignal> Passive { get; init; } = Map<string, PassiveSignal>.Empty;

    /// <summary>What this node is for each announcement that elects.</summary>
    public Map<string, RoleHeld> Roles { get; init; } = Map<string, RoleHeld>.Empty;

    /// <summary>Upstreams that were up in the process before this one; known until the first decision is made.</summary>
    public Map<string, string> WereUp { get; init; } = Map<string, string>.Empty;

    /// <summary>
    /// What the process before this one remembered of members, by <c>UPSTREAM/BACKEND</c>; known until the first decision
    /// is made.
    /// </summary>
    public Map<string, RememberedMember> Remembered { get; init; } = Map<string, RememberedMember>.Empty;

    public Observed Observed { get; init; } = Observed.Nothing;

    /// <summary>What the planes show to clients that speak TLS.</summary>
    public Items<ObservedCertificate> Certificates { get; init; }

    /// <summary>The node is about to stop: addresses are withdrawn, services go on until their planes drain.</summary>
    public bool Stopping { get; init; }
}

/// <summary>In the order of preference (RFC 6724). Empty: the name has none.</summary>
public sealed record NameAddresses(Items<IPAddress> Addresses);

public sealed record DiscoveredMembers(Items<Backend> Backends);

public sealed record RoleHeld(Role Role, DateTimeOffset Since);
