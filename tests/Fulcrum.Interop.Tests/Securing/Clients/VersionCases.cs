using static Fulcrum.Interop.Tests.Securing.CurlClient;
using static Fulcrum.Interop.Tests.Securing.ProxyClients;

namespace Fulcrum.Interop.Tests.Securing.Clients;

internal static class VersionCases
{
    private const string Usual = Listeners.Usual;
    private const string Newest = Listeners.Newest;

    // What is older than TLS 1.2 is nothing that a library of today would say without being urged.
    private const string Urged = "DEFAULT@SECLEVEL=0";

    private static readonly string Refused = Alert.Of("protocol_version");
    private static readonly string NoCipher = Alert.Of("handshake_failure");

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        OpenSsl("TLS 1.0 alone", Usual, Refused, "version", "-tls1", "-cipher", Urged),
        OpenSsl("TLS 1.1 alone", Usual, Refused, "version", "-tls1_1", "-cipher", Urged),
        OpenSsl("TLS 1.2 alone", Usual, "served, TLS 1.2", "handshake", "-tls1_2"),
        OpenSsl("TLS 1.3 alone", Usual, "served, TLS 1.3", "handshake", "-tls1_3"),
        OpenSsl("TLS 1.2 alone, `minimum-version: tls1.3`", Newest, Refused, "version", "-tls1_2"),
        OpenSsl("TLS 1.3, `minimum-version: tls1.3`", Newest, "served, TLS 1.3", "handshake"),
        OpenSsl(
            "TLS 1.2 after a failure, as if it had tried 1.3 (TLS_FALLBACK_SCSV)",
            Usual,
            Alert.Of("inappropriate_fallback"),
            "version",
            "-tls1_2",
            "-fallback_scsv"
        ),
        OpenSsl(
            "TLS 1.2 without forward secrecy",
            Usual,
            NoCipher,
            "cipher",
            "-tls1_2",
            "-cipher",
            "AES128-GCM-SHA256"
        ),
        OpenSsl("TLS 1.2 with CBC alone", Usual, NoCipher, "cipher", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"),
        OpenSsl(
            "TLS 1.3 with CCM alone",
            Usual,
            NoCipher,
            "cipher",
            "-tls1_3",
            "-ciphersuites",
            "TLS_AES_128_CCM_SHA256"
        ),
        OpenSsl("no group in common", Usual, NoCipher, "cipher", "-groups", "ffdhe2048"),
        OpenSsl("TLS 1.2 alone, `profile: modern`", Listeners.Modern, Refused, "version", "-tls1_2"),
        OpenSsl("P-256 alone, `groups: [P-384]`", Listeners.Grouped, NoCipher, "cipher", "-groups", "P-256"),
        OpenSsl(
            "P-256, then P-384, `groups: [P-384]`",
            Listeners.Grouped,
            "served, TLS 1.3",
            "handshake",
            "-groups",
            "P-256:P-384"
        ),
        Curl("TLS 1.1 and older", Usual, Refused, "version", "--tlsv1.0", "--tls-max", "1.1", "--ciphers", Urged),
        Curl("TLS 1.2 alone", Usual, "served, TLS 1.2", "handshake", "--tls-max", "1.2"),
        Curl("TLS 1.3", Usual, "served, TLS 1.3", "handshake"),
        Curl("TLS 1.2 alone, `minimum-version: tls1.3`", Newest, Refused, "version", "--tls-max", "1.2"),
        Haproxy("TLS 1.1 alone", Usual, Refused, "version", Tells.Version, $"verify none force-tlsv11 ciphers {Urged}"),
        Haproxy("TLS 1.2 alone", Usual, "served, TLS 1.2", "handshake", Tells.Version, "verify none force-tlsv12"),
        Haproxy("TLS 1.3 alone", Usual, "served, TLS 1.3", "handshake", Tells.Version, "verify none force-tlsv13"),
        Nginx("TLS 1.1 alone", Usual, Refused, "version", $"proxy_ssl_protocols TLSv1.1; proxy_ssl_ciphers {Urged};"),
        Nginx("TLS 1.2 alone", Usual, "served", "handshake", "proxy_ssl_protocols TLSv1.2;"),
        Nginx("TLS 1.3 alone", Usual, "served", "handshake", "proxy_ssl_protocols TLSv1.3;"),
    ];

    private static ClientCase OpenSsl(
        string what,
        string listener,
        string outcome,
        string counted,
        params string[] arguments
    ) => OpenSslClient.Case(what, listener, outcome, counted, Tells.Version, arguments);

    private static ClientCase Curl(
        string what,
        string listener,
        string outcome,
        string counted,
        params string[] arguments
    ) => Case(what, listener, outcome, counted, Tells.Version, arguments);
}
