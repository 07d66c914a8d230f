using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>What a plane really has, summed over its loops.</summary>
public sealed record PlaneObservation(long Generation, Items<ObservedService> Services);

public sealed record ObservedService(string Name, SessionCounters Counters, Items<ObservedBackend> Backends);

/// <param name="Upstream">A service may lead to several.</param>
/// <param name="Id">As in <see cref="PlaneBackend.Id"/>.</param>
/// <param name="Counters">Of this service's sessions to it.</param>
public sealed record ObservedBackend(string Upstream, string Id, SessionCounters Counters);

/// <summary>Counters since the start, except <see cref="Active"/>. Bytes and datagrams are what was passed on.</summary>
public readonly record struct SessionCounters
{
    /// <summary>Sessions now.</summary>
    public long Active { get; init; }

    /// <summary>Sessions ever.</summary>
    public long Total { get; init; }

    /// <summary>Client to backend.</summary>
    public long BytesIn { get; init; }

    /// <summary>Backend to client.</summary>
    public long BytesOut { get; init; }

    /// <summary>Attempts to connect that failed or timed out.</summary>
    public long ConnectFailures { get; init; }

    /// <summary>Sessions that went to another backend after such a failure.</summary>
    public long Retries { get; init; }

    /// <summary>Clients turned away: a limit, no backend, or a rule.</summary>
    public long Refused { get; init; }

    /// <summary>Sessions ended by the idle time-out.</summary>
    public long IdleTimeouts { get; init; }

    /// <summary>Sessions that one side reset.</summary>
    public long Resets { get; init; }

    /// <summary>UDP: datagrams dropped, and sessions that had to make room.</summary>
    public long Dropped { get; init; }

    public static SessionCounters operator +(SessionCounters a, SessionCounters b) =>
        new()
        {
            Active = a.Active + b.Active,
            Total = a.Total + b.Total,
            BytesIn = a.BytesIn + b.BytesIn,
            BytesOut = a.BytesOut + b.BytesOut,
            ConnectFailures = a.ConnectFailures + b.ConnectFailures,
            Retries = a.Retries + b.Retries,
            Refused = a.Refused + b.Refused,
            IdleTimeouts = a.IdleTimeouts + b.IdleTimeouts,
            Resets = a.Resets + b.Resets,
            Dropped = a.Dropped + b.Dropped,
        };
}
