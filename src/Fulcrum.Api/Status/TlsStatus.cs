using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Status;

/// <summary>What became of clients' TLS handshakes since the start.</summary>
public sealed record TlsStatus
{
    /// <summary>Those that came to their end.</summary>
    public required long Handshakes { get; init; }

    /// <summary>Of these, those that went on where an earlier session had ended.</summary>
    public required long Resumed { get; init; }

    /// <summary>Those that took too long.</summary>
    public required long Timeouts { get; init; }

    /// <summary>Those that failed, for whatever reason.</summary>
    public required long Failed { get; init; }

    /// <summary>
    /// By reason: <c>version</c>, <c>cipher</c>, <c>certificate</c> (the client's was not accepted),
    /// <c>certificate-required</c>, <c>alpn</c>, <c>name</c>, <c>alert</c> (the client's), <c>protocol</c>,
    /// <c>evicted</c> (another took its place), <c>other</c>.
    /// Those that did not occur are left out.
    /// </summary>
    public required IReadOnlyDictionary<string, long> Failures { get; init; }

    internal static TlsStatus Of(SessionCounters counters) =>
        new()
        {
            Handshakes = counters.TlsHandshakes,
            Resumed = counters.TlsResumed,
            Timeouts = counters.TlsHandshakeTimeouts,
            Failed = counters.TlsFailures,
            Failures = TlsFailureCounts
                .All.Where(reason => reason.Read(counters) > 0)
                .ToDictionary(reason => reason.Word, reason => reason.Read(counters), StringComparer.Ordinal),
        };
}
