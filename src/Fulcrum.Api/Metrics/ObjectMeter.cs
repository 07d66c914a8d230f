using System.Diagnostics.Metrics;
using Fulcrum.Api.Status;
using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Metrics;

/// <summary>Metrics of services, backends, upstreams and vips.</summary>
internal sealed class ObjectMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly CensusTaker _census;

    public ObjectMeter(object? scope, CensusTaker census)
    {
        _census = census;
        _meter = new(new MeterOptions("fulcrum.objects") { Scope = scope });
        census.Costs = new(TellVips(), TellCertificates(), TellServices(), TellUpstreams(), TellBackends());
    }

    public void Dispose() => _meter.Dispose();

    private Func<ServiceRow, int> TellServices()
    {
        var each = new RowMeter<ServiceRow>(_meter, () => _census.Current.Services, row => row.Labels);
        each.Gauge(
            "fulcrum.service.healthy",
            row => row.IsHealthy ? 1 : 0,
            null,
            "1: every listener of the service has a backend to send clients to; 0: it has not."
        );
        each.Gauge(
            "fulcrum.service.sessions.active",
            row => row.Observed.Counters.Active,
            "{session}",
            "Sessions of the service now."
        );
        each.Counter(
            "fulcrum.service.sessions",
            row => row.Observed.Counters.Total,
            "{session}",
            "Sessions of the service that began."
        );
        each.Counter(
            "fulcrum.service.traffic",
            "direction",
            [("in", row => row.Observed.Counters.BytesIn), ("out", row => row.Observed.Counters.BytesOut)],
            "By",
            "Bytes that were passed on: in, from clients to backends; out, from backends to clients."
        );
        each.Counter(
            "fulcrum.service.refused",
            "reason",
            [
                ("rule", row => row.Observed.Counters.RefusedByRule),
                ("limit", row => row.Observed.Counters.RefusedByLimit),
                ("preface", row => row.Observed.Counters.RefusedByPreface),
                ("silent", row => row.Observed.Counters.PrefaceTimeouts),
                ("route", row => row.Observed.Counters.RefusedByRoute),
                ("server-name", row => row.Observed.Counters.RefusedByName),
                ("source-limit", row => row.Observed.Counters.RefusedBySource),
                ("source-rate", row => row.Observed.Counters.RefusedByRate),
                ("source-table", row => row.Observed.Counters.RefusedCrowded),
                ("queue-full", row => row.Observed.Counters.RefusedByQueue),
                ("queue-timeout", row => row.Observed.Counters.QueueTimeouts),
                ("no-backend", row => row.Observed.Counters.RefusedUnserved),
            ],
            "{client}",
            "Clients turned away: by an allow or deny list, at the bound of sessions of the service or of their address, for a "
                + "PROXY header or TLS hello that is missing or broken, for saying nothing in time, by the routes, because no backend is "
                + "meant for the TLS server name that they asked for, at "
                + "the rate of their address, because no more addresses can be watched, because too many wait for a place on "
                + "a backend or they did for too long, or because no backend would take them."
        );
        each.Counter(
            "fulcrum.service.idle_timeouts",
            row => row.Observed.Counters.IdleTimeouts,
            "{session}",
            "Sessions ended by the idle time-out."
        );
        each.Counter(
            "fulcrum.service.connect_failures",
            row => row.Observed.Counters.ConnectFailures,
            "{attempt}",
            "Attempts to reach a backend that failed or timed out."
        );
        TellClients(each);
        TellStreams(each);
        TellTls(each);
        each.Counter(
            "fulcrum.service.dropped",
            "reason",
            [
                ("refused", row => row.Observed.Counters.DroppedRefused),
                ("unsent", row => row.Observed.Counters.DroppedUnsent),
                ("too-long", row => row.Observed.Counters.DroppedTooLong),
                ("reply", row => row.Observed.Counters.DroppedReplies),
                ("rate-limit", row => row.Observed.Counters.DroppedByRate),
                ("copy", row => row.Observed.Counters.DroppedCopies),
                ("evicted", row => row.Observed.Counters.Evicted),
            ],
            "{datagram}",
            "UDP: datagrams dropped, because the client was turned away, no backend could be sent them, they are too long, "
                + "the client could not be sent an answer, or a rate-limit stage did not let them pass; copies that a tee "
                + "stage could not send; and sessions that had to make room for new ones.",
            row => row.HasDatagrams
        );
        each.Counter(
            "fulcrum.service.trains_refused",
            row => row.Observed.Counters.TrainsRefused,
            "{train}",
            "UDP: how often datagrams that came together had to go one by one, because the way there did not take them so.",
            row => row.HasDatagrams
        );
        each.Histogram(
            "fulcrum.service.session.duration",
            row => row.Observed.Lengths,
            "How long the service's sessions were that have ended."
        );
        return each.SeriesOf;
    }

    private static void TellClients(RowMeter<ServiceRow> each)
    {
        each.Gauge(
            "fulcrum.service.sources",
            row => row.Observed.Sources?.Known ?? 0,
            "{client}",
            "Addresses whose limits are watched, where there are limits of an address.",
            row => row.Observed.Sources is not null
        );
        each.Counter(
            "fulcrum.service.sources_crowded",
            row => row.Observed.Sources?.Crowded ?? 0,
            "{client}",
            "Addresses that had to make room in the table of those watched, or for which there was none.",
            row => row.Observed.Sources is not null
        );
        each.Gauge(
            "fulcrum.service.remembered",
            row => row.Observed.Remembered?.Known ?? 0,
            "{client}",
            "Clients that come back to the backend they had, where they do.",
            row => row.Observed.Remembered is not null
        );
        each.Counter(
            "fulcrum.service.remembered_crowded",
            row => row.Observed.Remembered?.Crowded ?? 0,
            "{client}",
            "Clients that had to make room in the table of those remembered, or for which there was none.",
            row => row.Observed.Remembered is not null
        );
    }

    private static void TellStreams(RowMeter<ServiceRow> each)
    {
        each.Gauge(
            "fulcrum.service.sessions.waiting",
            row => row.Observed.Waiting ?? 0,
            "{session}",
            "Sessions that wait for a place on a backend now, where they may.",
            row => row.Observed.Waiting is not null
        );
        each.Counter(
            "fulcrum.service.retries_denied",
            row => row.Observed.Counters.RetriesDenied,
            "{session}",
            "Sessions that did not go to another backend, because the budget of retries was spent.",
            row => row.HasStreams
        );
        each.Counter(
            "fulcrum.service.retries",
            row => row.Observed.Counters.Retries,
            "{session}",
            "Sessions that went to another backend after such a failure.",
            row => row.HasStreams
        );
        each.Counter(
            "fulcrum.service.mirrors_lost",
            row => row.Observed.Counters.MirrorsLost,
            "{session}",
            "Copies of sessions that a tee stage gave up: their backend was not to be reached, or too slow.",
            row => row.HasStreams
        );
        each.Counter(
            "fulcrum.service.detours_lost",
            row => row.Observed.Counters.DetoursLost,
            "{session}",
            "Sessions that ended because a backend that an upstream stage leads them through was not to be reached, or broke.",
            row => row.HasStreams
        );
        each.Counter(
            "fulcrum.service.resets",
            row => row.Observed.Counters.Resets,
            "{session}",
            "Sessions that one side reset.",
            row => row.HasStreams
        );
        each.Histogram(
            "fulcrum.service.connect.duration",
            row => row.Observed.Connects,
            "How long connecting to backends took, where it succeeded.",
            row => row.HasStreams
        );
    }

    private static void TellTls(RowMeter<ServiceRow> each)
    {
        each.Counter(
            "fulcrum.tls.handshakes",
            "resumed",
            [
                ("false", row => row.Observed.Counters.TlsHandshakes - row.Observed.Counters.TlsResumed),
                ("true", row => row.Observed.Counters.TlsResumed),
            ],
            "{handshake}",
            "TLS handshakes with clients that came to their end: resumed, those that went on where an earlier session ended.",
            row => row.EndsTls
        );
        each.Counter(
            "fulcrum.tls.handshake_failures",
            "reason",
            [
                .. TlsFailureCounts.All.Select(reason =>
                    (reason.Word, (Func<ServiceRow, long>)(row => reason.Read(row.Observed.Counters)))
                ),
                ("timeout", row => row.Observed.Counters.TlsHandshakeTimeouts),
            ],
            "{handshake}",
            "TLS handshakes with clients that failed: no version, no cipher or group, or no application protocol in common, "
                + "the client's certificate not accepted, missing or for nobody who is let in, no certificate for the name that it asked for, its alert, "
                + "a breach of the protocol, because another took its place where too many were under way, another reason, or "
                + "because it took too long.",
            row => row.EndsTls
        );
    }

    private Func<CertificateRow, int> TellCertificates()
    {
        var each = new RowMeter<CertificateRow>(_meter, () => _census.Current.Certificates, row => row.Labels);
        each.Gauge(
            "fulcrum.certificate.expiry.timestamp",
            row => row.Certificate.Observed.Facts?.NotAfter.ToUnixTimeSeconds() ?? 0,
            "s",
            "When the certificate that clients are shown ends, in seconds since 1970.",
            row => row.Certificate.Observed.Facts is not null
        );
        each.Gauge(
            "fulcrum.certificate.problem",
            row => row.Certificate.HasProblem ? 1 : 0,
            null,
            "1: clients may not accept it, there is none, or its files cannot be used as they are; 0: all is well, though it "
                + "may end soon."
        );
        return each.SeriesOf;
    }

    private Func<BackendRow, int> TellBackends()
    {
        var each = new RowMeter<BackendRow>(_meter, () => _census.Current.Backends, row => row.Labels);
        each.Gauge(
            "fulcrum.backend.health",
            row =>
                row.Verdict switch
                {
                    Verdict.Healthy => 1,
                    Verdict.Unhealthy => 0,
                    _ => -1,
                },
            null,
            "Of all its checks together: 1 healthy, 0 unhealthy, -1 unknown."
        );
        each.Gauge(
            "fulcrum.backend.duty",
            row =>
                row.Duty switch
                {
                    BackendDuty.Serve => 2,
                    BackendDuty.Rest => 1,
                    _ => 0,
                },
            null,
            "2: it gets new sessions; 1: it gets none, those it has go on; 0: it drains."
        );
        each.Gauge(
            "fulcrum.backend.weight",
            row => row.Weight,
            null,
            "In proportion to the other backends' weights, recovery and scores included."
        );
        each.Gauge(
            "fulcrum.backend.sessions.active",
            row => row.Counters.Active,
            "{session}",
            "The service's sessions to the backend now."
        );
        each.Counter(
            "fulcrum.backend.sessions",
            row => row.Counters.Total,
            "{session}",
            "Sessions of the service that were given to the backend."
        );
        each.Counter(
            "fulcrum.backend.traffic",
            "direction",
            [("in", row => row.Counters.BytesIn), ("out", row => row.Counters.BytesOut)],
            "By",
            "Bytes that were passed on: in, to the backend; out, from it."
        );
        each.Counter(
            "fulcrum.backend.connect_failures",
            row => row.Counters.ConnectFailures,
            "{attempt}",
            "Attempts to reach the backend that failed or timed out."
        );
        each.Counter(
            "fulcrum.backend.retries",
            row => row.Counters.Retries,
            "{session}",
            "Sessions that came to the backend after another had failed them."
        );
        each.Counter(
            "fulcrum.backend.idle_timeouts",
            row => row.Counters.IdleTimeouts,
            "{session}",
            "Sessions to the backend ended by the idle time-out."
        );
        each.Counter(
            "fulcrum.backend.resets",
            row => row.Counters.Resets,
            "{session}",
            "Sessions to the backend that one side reset."
        );
        each.Counter(
            "fulcrum.backend.dropped",
            row => row.Counters.Dropped,
            "{datagram}",
            "UDP: answers of the backend that could not be sent to the client.",
            row => row.HasDatagrams
        );
        return each.SeriesOf;
    }

    private Func<UpstreamRow, int> TellUpstreams()
    {
        var each = new RowMeter<UpstreamRow>(_meter, () => _census.Current.Upstreams, row => row.Labels);
        each.Gauge("fulcrum.upstream.backends", row => row.Backends, "{backend}", "Members of the upstream.");
        each.Gauge(
            "fulcrum.upstream.healthy",
            row => row.Healthy,
            "{backend}",
            "Members that are known to be healthy."
        );
        each.Gauge("fulcrum.upstream.serving", row => row.Serving, "{backend}", "Members that get new sessions.");
        each.Gauge(
            "fulcrum.upstream.state",
            row =>
                row.Verdict switch
                {
                    Verdict.Healthy => 1,
                    Verdict.Unhealthy => 0,
                    _ => -1,
                },
            null,
            "By its watermarks: 1 enough members are healthy, 0 too few are, -1 it is not known yet."
        );
        return each.SeriesOf;
    }

    private Func<VipRow, int> TellVips()
    {
        var each = new RowMeter<VipRow>(_meter, () => _census.Current.Vips, row => row.Labels);
        each.Gauge(
            "fulcrum.vip.state",
            row => (int)row.State,
            null,
            "0 down, 1 wanted and not there yet, 2 up, 3 on its way out."
        );
        each.Gauge(
            "fulcrum.vip.active",
            row => row.IsActive ? 1 : 0,
            null,
            "1: this node is active for it; 0: it is not."
        );
        return each.SeriesOf;
    }
}
