using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Status;

/// <summary>Why clients' TLS handshakes fail, in words, with how often each was so.</summary>
internal static class TlsFailureCounts
{
    public static IReadOnlyList<(string Word, Func<SessionCounters, long> Read)> All { get; } =
    [
        ("version", counters => counters.TlsFailedVersion),
        ("cipher", counters => counters.TlsFailedCipher),
        ("certificate", counters => counters.TlsFailedCertificate),
        ("certificate-required", counters => counters.TlsFailedCertificateRequired),
        ("subject", counters => counters.TlsFailedSubject),
        ("alpn", counters => counters.TlsFailedAlpn),
        ("name", counters => counters.TlsFailedName),
        ("alert", counters => counters.TlsFailedAlert),
        ("protocol", counters => counters.TlsFailedProtocol),
        ("evicted", counters => counters.TlsFailedEvicted),
        ("other", counters => counters.TlsFailedOther),
    ];
}
