using Fulcrum.Model;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Language;

/// <summary>A whole configuration as it is written.</summary>
internal sealed record SnapshotOptions
{
    /// <summary>All but the services.</summary>
    public Snapshot Snapshot { get; init; } = Snapshot.Empty;

    public Items<ServiceOptions> Services { get; init; }
}
