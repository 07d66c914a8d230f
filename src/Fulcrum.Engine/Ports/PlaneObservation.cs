using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>What a plane really has, summed over its loops.</summary>
public sealed record PlaneObservation(long Generation, Items<ObservedService> Services)
{
    /// <summary>What is shown to clients that speak TLS, and to backends.</summary>
    public Items<ObservedCertificate> Certificates { get; init; }

    /// <summary>What became of packets, of a plane that sees each and counts why; none that never happened.</summary>
    public Items<PacketOutcome> Packets { get; init; }
}

/// <summary>What became of packets, and why.</summary>
/// <param name="Outcome"><c>passed</c> to the kernel, <c>dropped</c>, <c>sent</c>; <c>saw</c>: it says more of packets that are counted as something else.</param>
/// <param name="Reason">In words with hyphens.</param>
/// <param name="Count">Since the plane's tables were made.</param>
public sealed record PacketOutcome(string Outcome, string Reason, long Count);

public sealed record ObservedService(string Name, SessionCounters Counters, Items<ObservedBackend> Backends)
{
    /// <summary>How long connecting to backends took, where it succeeded.</summary>
    public DurationCounts Connects { get; init; } = DurationCounts.None;

    /// <summary>Sessions that wait for a place on a backend now. Null: they never do.</summary>
    public long? Waiting { get; init; }

    /// <summary>Sources whose limits are watched. Null: there are none.</summary>
    public KnownClients? Sources { get; init; }

    /// <summary>Clients that come back to the backend they had. Null: they need not.</summary>
    public KnownClients? Remembered { get; init; }

    /// <summary>How long its sessions were, that have ended.</summary>
    public DurationCounts Lengths { get; init; } = DurationCounts.None;
}

/// <param name="Upstream">A service may lead to several.</param>
/// <param name="Id">As in <see cref="PlaneBackend.Id"/>.</param>
/// <param name="Counters">Of this service's sessions to it.</param>
public sealed record ObservedBackend(string Upstream, string Id, SessionCounters Counters);

/// <summary>Counters since the start, except <see cref="Active"/>. Bytes and datagrams are what was passed on.</summary>
public readonly record struct SessionCounters
{
    /// <summary>Sessions now.</summary>
    public long Active { get; init; }

    /// <summary>
    /// Connections that a plane in the kernel remembers now, beside the active ones: they begin, or have ended, or are
    /// of datagrams.
    /// </summary>
    public long Inactive { get; init; }

    /// <summary>Sessions ever.</summary>
    public long Total { get; init; }

    /// <summary>Client to backend.</summary>
    public long BytesIn { get; init; }

    /// <summary>Backend to client.</summary>
    public long BytesOut { get; init; }

    /// <summary>Packets of clients, on a plane that sees them.</summary>
    public long PacketsIn { get; init; }

    /// <summary>Packets of backends, as far as they come back through the plane.</summary>
    public long PacketsOut { get; init; }

    /// <summary>Attempts to connect that failed or timed out.</summary>
    public long ConnectFailures { get; init; }

    /// <summary>Sessions that went to another backend after such a failure.</summary>
    public long Retries { get; init; }

    /// <summary>Sessions that did not go to another backend, because the budget of retries was spent.</summary>
    public long RetriesDenied { get; init; }

    /// <summary>Clients turned away: a limit, no backend, or a rule.</summary>
    public long Refused =>
        RefusedByRule
        + RefusedByLimit
        + RefusedBySource
        + RefusedByRate
        + RefusedCrowded
        + RefusedByQueue
        + QueueTimeouts
        + RefusedByPreface
        + PrefaceTimeouts
        + RefusedByRoute
        + RefusedByName
        + RefusedUnserved;

    /// <summary>By an allow or deny list, or because a listener serves another peer.</summary>
    public long RefusedByRule { get; init; }

    /// <summary>There were as many sessions as there may be.</summary>
    public long RefusedByLimit { get; init; }

    /// <summary>A PROXY header is missing, broken or not to be believed, or a TLS hello is broken.</summary>
    public long RefusedByPreface { get; init; }

    /// <summary>No route took them, or one that rejects.</summary>
    public long RefusedByRoute { get; init; }

    /// <summary>No backend of the upstream is meant for the TLS server name that they asked for.</summary>
    public long RefusedByName { get; init; }

    /// <summary>Their source had as many sessions as it may have.</summary>
    public long RefusedBySource { get; init; }

    /// <summary>Their source began sessions faster than it may.</summary>
    public long RefusedByRate { get; init; }

    /// <summary>Their source was new, and as many as can be watched had sessions.</summary>
    public long RefusedCrowded { get; init; }

    /// <summary>All backends were full, and as many as may wait did.</summary>
    public long RefusedByQueue { get; init; }

    /// <summary>They waited for a place on a backend for as long as they may.</summary>
    public long QueueTimeouts { get; init; }

    /// <summary>No backend would take them.</summary>
    public long RefusedUnserved { get; init; }

    /// <summary>Clients that did not say in time what must be known before a backend is chosen.</summary>
    public long PrefaceTimeouts { get; init; }

    /// <summary>Copies of sessions that a tee stage gave up: their backend was not to be reached, or too slow.</summary>
    public long MirrorsLost { get; init; }

    /// <summary>
    /// Sessions that ended because a backend that an upstream stage leads them through was not to be reached, or broke.
    /// </summary>
    public long DetoursLost { get; init; }

    /// <summary>Sessions ended by the idle time-out.</summary>
    public long IdleTimeouts { get; init; }

    /// <summary>Sessions that one side reset.</summary>
    public long Resets { get; init; }

    /// <summary>UDP: datagrams dropped, and sessions that had to make room.</summary>
    public long Dropped =>
        DroppedRefused + DroppedUnsent + DroppedTooLong + DroppedReplies + DroppedByRate + DroppedCopies + Evicted;

    /// <summary>UDP: datagrams of clients that were turned away.</summary>
    public long DroppedRefused { get; init; }

    /// <summary>UDP: datagrams that no backend could be sent.</summary>
    public long DroppedUnsent { get; init; }

    /// <summary>UDP: datagrams longer than the way to the backend allows.</summary>
    public long DroppedTooLong { get; init; }

    /// <summary>UDP: answers that could not be sent to the client.</summary>
    public long DroppedReplies { get; init; }

    /// <summary>UDP: datagrams that a rate-limit stage did not let pass.</summary>
    public long DroppedByRate { get; init; }

    /// <summary>UDP: copies of datagrams that a tee stage could not send.</summary>
    public long DroppedCopies { get; init; }

    /// <summary>UDP: sessions that had to make room for new ones.</summary>
    public long Evicted { get; init; }

    /// <summary>
    /// UDP: how often datagrams that came together had to go one by one, because the way there did not take them so.
    /// </summary>
    public long TrainsRefused { get; init; }

    /// <summary>TLS handshakes with clients that came to their end; also those of <see cref="TlsResumed"/>.</summary>
    public long TlsHandshakes { get; init; }

    /// <summary>Of these, those that went on where an earlier session had ended.</summary>
    public long TlsResumed { get; init; }

    /// <summary>TLS handshakes that took too long.</summary>
    public long TlsHandshakeTimeouts { get; init; }

    /// <summary>TLS handshakes that failed, for whatever reason; none that took too long.</summary>
    public long TlsFailures =>
        TlsFailedVersion
        + TlsFailedCipher
        + TlsFailedCertificate
        + TlsFailedCertificateRequired
        + TlsFailedSubject
        + TlsFailedAlpn
        + TlsFailedName
        + TlsFailedAlert
        + TlsFailedProtocol
        + TlsFailedEvicted
        + TlsFailedOther;

    /// <summary>TLS handshakes that failed because the client speaks no version that is spoken here.</summary>
    public long TlsFailedVersion { get; init; }

    /// <summary>No cipher or group in common.</summary>
    public long TlsFailedCipher { get; init; }

    /// <summary>The client's certificate was not accepted.</summary>
    public long TlsFailedCertificate { get; init; }

    /// <summary>The client showed no certificate.</summary>
    public long TlsFailedCertificateRequired { get; init; }

    /// <summary>The client's certificate was good, but its subject none of those that are let in.</summary>
    public long TlsFailedSubject { get; init; }

    /// <summary>No application protocol in common.</summary>
    public long TlsFailedAlpn { get; init; }

    /// <summary>There is no certificate for the server name that the client asked for.</summary>
    public long TlsFailedName { get; init; }

    /// <summary>The client gave up, and said so.</summary>
    public long TlsFailedAlert { get; init; }

    /// <summary>The client broke the rules, or does not speak TLS.</summary>
    public long TlsFailedProtocol { get; init; }

    /// <summary>As many handshakes were under way as may be, and another took its place.</summary>
    public long TlsFailedEvicted { get; init; }

    /// <summary>For another reason.</summary>
    public long TlsFailedOther { get; init; }

    public static SessionCounters operator +(SessionCounters a, SessionCounters b) =>
        new()
        {
            Active = a.Active + b.Active,
            Inactive = a.Inactive + b.Inactive,
            PacketsIn = a.PacketsIn + b.PacketsIn,
            PacketsOut = a.PacketsOut + b.PacketsOut,
            Total = a.Total + b.Total,
            BytesIn = a.BytesIn + b.BytesIn,
            BytesOut = a.BytesOut + b.BytesOut,
            ConnectFailures = a.ConnectFailures + b.ConnectFailures,
            Retries = a.Retries + b.Retries,
            RefusedByRule = a.RefusedByRule + b.RefusedByRule,
            RefusedByLimit = a.RefusedByLimit + b.RefusedByLimit,
            RefusedByPreface = a.RefusedByPreface + b.RefusedByPreface,
            RefusedByRoute = a.RefusedByRoute + b.RefusedByRoute,
            RefusedByName = a.RefusedByName + b.RefusedByName,
            PrefaceTimeouts = a.PrefaceTimeouts + b.PrefaceTimeouts,
            MirrorsLost = a.MirrorsLost + b.MirrorsLost,
            DetoursLost = a.DetoursLost + b.DetoursLost,
            RefusedUnserved = a.RefusedUnserved + b.RefusedUnserved,
            RefusedBySource = a.RefusedBySource + b.RefusedBySource,
            RefusedByRate = a.RefusedByRate + b.RefusedByRate,
            RefusedCrowded = a.RefusedCrowded + b.RefusedCrowded,
            RefusedByQueue = a.RefusedByQueue + b.RefusedByQueue,
            QueueTimeouts = a.QueueTimeouts + b.QueueTimeouts,
            RetriesDenied = a.RetriesDenied + b.RetriesDenied,
            IdleTimeouts = a.IdleTimeouts + b.IdleTimeouts,
            Resets = a.Resets + b.Resets,
            DroppedRefused = a.DroppedRefused + b.DroppedRefused,
            DroppedUnsent = a.DroppedUnsent + b.DroppedUnsent,
            DroppedTooLong = a.DroppedTooLong + b.DroppedTooLong,
            DroppedReplies = a.DroppedReplies + b.DroppedReplies,
            DroppedByRate = a.DroppedByRate + b.DroppedByRate,
            DroppedCopies = a.DroppedCopies + b.DroppedCopies,
            Evicted = a.Evicted + b.Evicted,
            TrainsRefused = a.TrainsRefused + b.TrainsRefused,
            TlsHandshakes = a.TlsHandshakes + b.TlsHandshakes,
            TlsResumed = a.TlsResumed + b.TlsResumed,
            TlsHandshakeTimeouts = a.TlsHandshakeTimeouts + b.TlsHandshakeTimeouts,
            TlsFailedVersion = a.TlsFailedVersion + b.TlsFailedVersion,
            TlsFailedCipher = a.TlsFailedCipher + b.TlsFailedCipher,
            TlsFailedCertificate = a.TlsFailedCertificate + b.TlsFailedCertificate,
            TlsFailedCertificateRequired = a.TlsFailedCertificateRequired + b.TlsFailedCertificateRequired,
            TlsFailedSubject = a.TlsFailedSubject + b.TlsFailedSubject,
            TlsFailedAlpn = a.TlsFailedAlpn + b.TlsFailedAlpn,
            TlsFailedName = a.TlsFailedName + b.TlsFailedName,
            TlsFailedAlert = a.TlsFailedAlert + b.TlsFailedAlert,
            TlsFailedProtocol = a.TlsFailedProtocol + b.TlsFailedProtocol,
            TlsFailedEvicted = a.TlsFailedEvicted + b.TlsFailedEvicted,
            TlsFailedOther = a.TlsFailedOther + b.TlsFailedOther,
        };
}
