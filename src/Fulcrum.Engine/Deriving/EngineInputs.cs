using System.Collections.Immutable;
using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>All that decisions are made from. Immutable; a part that did not change is the same object.</summary>
public sealed record EngineInputs
{
    public static EngineInputs Nothing { get; } = new();

    public Snapshot Snapshot { get; init; } = Snapshot.Empty;

    /// <summary>What checks have found. A task that is not here is unknown.</summary>
    public ImmutableDictionary<ProbeTask, CheckHealth> Health { get; init; } =
        ImmutableDictionary<ProbeTask, CheckHealth>.Empty;

    /// <summary>Addresses of backends that are written as names.</summary>
    public ImmutableDictionary<string, Items<IPAddress>> Names { get; init; } =
        ImmutableDictionary.Create<string, Items<IPAddress>>(StringComparer.Ordinal);
}
