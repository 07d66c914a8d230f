using Fulcrum.Api.Overrides;
using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Status;

/// <summary>What <c>GET /api/v1/status</c> answers: the node and all its services.</summary>
public sealed record StatusDocument
{
    public required string Node { get; init; }

    public required string Version { get; init; }

    public required int Pid { get; init; }

    /// <summary>The configuration that is in force, as it was named at start.</summary>
    public required string Source { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>Grows by one with each change of what the plane carries.</summary>
    public required long Generation { get; init; }

    public required IReadOnlyList<ServiceStatus> Services { get; init; }

    public required IReadOnlyList<VipStatus> Vips { get; init; }

    /// <summary>How many checks there are, by verdict.</summary>
    public required ChecksStatus Checks { get; init; }

    /// <summary>How many certificates clients are shown, by how they are.</summary>
    public required CertificatesStatus Certificates { get; init; }

    /// <summary>Operators' decisions that are in force.</summary>
    public required IReadOnlyList<OverrideDocument> Overrides { get; init; }

    /// <summary>Objects of adapters that are not as they should be, and why.</summary>
    public required IReadOnlyList<TroubleStatus> Troubles { get; init; }

    /// <summary>The last change is taken back then unless somebody confirms it.</summary>
    public DateTimeOffset? ConfirmBy { get; init; }
}

public sealed record ChecksStatus(int Healthy, int Unhealthy, int Unknown);

public sealed record VipStatus
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary><c>down</c>, <c>raising</c>, <c>up</c> or <c>withdrawing</c>.</summary>
    public required string State { get; init; }

    public required string Reason { get; init; }
}

public sealed record TroubleStatus
{
    /// <summary>
    /// <c>plane</c>, <c>address</c>, <c>announcement</c>, <c>certificate</c>, <c>service</c> when nothing carries it, or
    /// the kind of an object in quarantine.
    /// </summary>
    public required string Kind { get; init; }

    public required string Name { get; init; }

    public required string Reason { get; init; }

    public DateTimeOffset? RetryAt { get; init; }
}

public sealed record ServiceStatus
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Listen { get; init; }

    /// <summary>At least one backend serves every listener.</summary>
    public required bool Healthy { get; init; }

    public required CountersStatus Counters { get; init; }

    /// <summary>TLS handshakes of clients; left out where TLS does not end here.</summary>
    public TlsStatus? Tls { get; init; }

    /// <summary>Sessions that wait for a place on a backend.</summary>
    public required long Waiting { get; init; }

    public required IReadOnlyList<BackendStatusDocument> Backends { get; init; }
}

public sealed record BackendStatusDocument
{
    public required string Upstream { get; init; }

    public required string Id { get; init; }

    public required string? Address { get; init; }

    public required int Weight { get; init; }

    /// <summary><c>serve</c>, <c>rest</c> or <c>drain</c>.</summary>
    public required string Duty { get; init; }

    /// <summary><c>healthy</c>, <c>unhealthy</c> or <c>unknown</c>.</summary>
    public required string Health { get; init; }

    public required string Reason { get; init; }

    public required CountersStatus Counters { get; init; }
}

public sealed record CountersStatus
{
    public required long Active { get; init; }

    public required long Total { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    public required long ConnectFailures { get; init; }

    public required long Retries { get; init; }

    public required long RetriesDenied { get; init; }

    /// <summary>Clients turned away, for whatever reason.</summary>
    public required long Refused { get; init; }

    /// <summary>Of these, by an allow or deny list.</summary>
    public required long RefusedByRule { get; init; }

    /// <summary>Of these, because the service had all the sessions it may have.</summary>
    public required long RefusedByLimit { get; init; }

    /// <summary>Of these, because their address had all the sessions it may have, or could not be watched.</summary>
    public required long RefusedBySource { get; init; }

    /// <summary>Of these, because sessions of their address came too fast.</summary>
    public required long RefusedByRate { get; init; }

    /// <summary>Of these, because no place on a backend became free in time, or too many waited for one.</summary>
    public required long RefusedByQueue { get; init; }

    public required long IdleTimeouts { get; init; }

    public required long Resets { get; init; }

    public required long Dropped { get; init; }

    internal static CountersStatus Of(SessionCounters counters) =>
        new()
        {
            Active = counters.Active,
            Total = counters.Total,
            BytesIn = counters.BytesIn,
            BytesOut = counters.BytesOut,
            ConnectFailures = counters.ConnectFailures,
            Retries = counters.Retries,
            RetriesDenied = counters.RetriesDenied,
            Refused = counters.Refused,
            RefusedByRule = counters.RefusedByRule,
            RefusedByLimit = counters.RefusedByLimit,
            RefusedBySource = counters.RefusedBySource + counters.RefusedCrowded,
            RefusedByRate = counters.RefusedByRate,
            RefusedByQueue = counters.RefusedByQueue + counters.QueueTimeouts,
            IdleTimeouts = counters.IdleTimeouts,
            Resets = counters.Resets,
            Dropped = counters.Dropped,
        };
}
