using System.Collections.Immutable;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>What shall be so.</summary>
public sealed record Desired
{
    public static Desired Nothing { get; } = new();

    public PlaneTable Proxy { get; init; } = PlaneTable.Empty;

    public Items<ProbeTask> Probes { get; init; }

    /// <summary>Names whose addresses are needed.</summary>
    public Items<string> Names { get; init; }
}

/// <summary>What later decisions depend on, and the results that are used again while their inputs stay the same.</summary>
public sealed record DerivedState
{
    public static DerivedState Initial { get; } = new();

    public EngineInputs Inputs { get; init; } = EngineInputs.Nothing;

    public Desired Desired { get; init; } = Desired.Nothing;

    public ImmutableDictionary<UpstreamView, DerivedUpstream> Upstreams { get; init; } =
        ImmutableDictionary<UpstreamView, DerivedUpstream>.Empty;

    /// <summary>
    /// What each listener leads to, in the order of the table's services and of their listeners. A table keeps the
    /// objects of its predecessor where they are equal, so they cannot be found by reference.
    /// </summary>
    public Items<Items<DerivedUpstream>> ByListener { get; init; }
}

/// <summary>An upstream as a listener sees it: its checks depend on policy, the port of portless backends on the listener.</summary>
public sealed record UpstreamView(string Upstream, Policy Policy, int? ListenerPort)
{
    public static UpstreamView Of(string upstream, Policy policy, Listener listener) =>
        new(upstream, policy, listener.Ports.IsSingle ? listener.Ports.First : null);
}

/// <summary>A decision: what shall be, what to remember, and when to think again without being asked.</summary>
public sealed record Derivation(Desired Desired, DerivedState Next, DateTimeOffset? WakeAt);
