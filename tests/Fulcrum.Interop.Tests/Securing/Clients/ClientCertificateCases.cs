using static Fulcrum.Interop.Tests.Securing.ProxyClients;

namespace Fulcrum.Interop.Tests.Securing.Clients;

internal static class ClientCertificateCases
{
    private const string Mutual = Listeners.Mutual;
    private const string Revoking = Listeners.Revoking;

    private static readonly (string What, string Paper, string Listener, string Alert)[] Refused =
    [
        ("of another authority", "foreign", Mutual, "unknown_ca"),
        ("that is self-signed", "self-signed", Mutual, "unknown_ca"),
        ("that is expired", "expired", Mutual, "certificate_expired"),
        ("that is not valid yet", "early", Mutual, "bad_certificate"),
        ("that is for servers alone", "server-only", Mutual, "unsupported_certificate"),
        ("that is revoked", "revoked", Revoking, "certificate_revoked"),
    ];

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        OpenSslClient.Silent("TLS 1.2, none", Mutual, Alert.Of("handshake_failure"), "certificate-required", "-tls1_2"),
        OpenSslClient.Silent("TLS 1.3, none", Mutual, Alert.Of("certificate_required"), "certificate-required"),
        OpenSslClient.Case(
            "TLS 1.2, a good one",
            Mutual,
            "served, TLS 1.2",
            "handshake",
            Tells.Version,
            ["-tls1_2", .. Shows("good")]
        ),
        OpenSslClient.Case("TLS 1.3, a good one", Mutual, "served, TLS 1.3", "handshake", Tells.Version, Shows("good")),
        OpenSslClient.Case(
            "one that is not in the list of those revoked",
            Revoking,
            "served, TLS 1.3",
            "handshake",
            Tells.Version,
            Shows("good")
        ),
        OpenSslClient.Case(
            "none, `client-certificate: optional`",
            Listeners.Optional,
            "served, TLS 1.3",
            "handshake",
            Tells.Version
        ),
        OpenSslClient.Silent(
            "one of another authority, `client-certificate: optional`",
            Listeners.Optional,
            Alert.Of("unknown_ca"),
            "certificate",
            Shows("foreign")
        ),
        OpenSslClient.Case(
            "one that `client-subjects` has",
            Listeners.Subjects,
            "served, TLS 1.3",
            "handshake",
            Tells.Version,
            Shows("good")
        ),
        OpenSslClient.Silent(
            "TLS 1.2, one that `client-subjects` has not",
            Listeners.Subjects,
            Alert.Of("certificate_unknown"),
            "subject",
            ["-tls1_2", .. Shows("other")]
        ),
        OpenSslClient.Silent(
            "TLS 1.3, one that `client-subjects` has not",
            Listeners.Subjects,
            Alert.Of("certificate_unknown"),
            "subject",
            Shows("other")
        ),
        .. Refused.SelectMany(one =>
            new[]
            {
                OpenSslClient.Silent(
                    $"TLS 1.2, one {one.What}",
                    one.Listener,
                    Alert.Of(one.Alert),
                    "certificate",
                    ["-tls1_2", .. Shows(one.Paper)]
                ),
                OpenSslClient.Silent(
                    $"TLS 1.3, one {one.What}",
                    one.Listener,
                    Alert.Of(one.Alert),
                    "certificate",
                    Shows(one.Paper)
                ),
            }
        ),
        Curl("none", Alert.Of("certificate_required"), "certificate-required"),
        Curl("a good one", "served, TLS 1.3", "handshake", "--cert", "{good}"),
        Curl("one of another authority", Alert.Of("unknown_ca"), "certificate", "--cert", "{foreign}"),
        Curl("one that is expired", Alert.Of("certificate_expired"), "certificate", "--cert", "{expired}"),
        Haproxy(
            "TLS 1.2, none",
            Mutual,
            Alert.Of("handshake_failure"),
            "certificate-required",
            Tells.Version,
            "verify none force-tlsv12"
        ),
        Haproxy(
            "TLS 1.3, none",
            Mutual,
            Alert.Of("certificate_required"),
            "certificate-required",
            Tells.Version,
            "verify none"
        ),
        Haproxy("a good one", Mutual, "served, TLS 1.3", "handshake", Tells.Version, "verify none crt {good}"),
        Haproxy(
            "TLS 1.2, one that is expired",
            Mutual,
            Alert.Of("certificate_expired"),
            "certificate",
            Tells.Version,
            "verify none force-tlsv12 crt {expired}"
        ),
        Nginx(
            "TLS 1.2, none",
            Mutual,
            Alert.Of("handshake_failure"),
            "certificate-required",
            "proxy_ssl_protocols TLSv1.2;"
        ),
        Nginx(
            "TLS 1.3, none",
            Mutual,
            Alert.Of("certificate_required"),
            "certificate-required",
            "proxy_ssl_protocols TLSv1.3;"
        ),
        Nginx(
            "a good one",
            Mutual,
            "served",
            "handshake",
            "proxy_ssl_certificate {good}; proxy_ssl_certificate_key {good};"
        ),
        Nginx(
            "one that is revoked",
            Revoking,
            Alert.Of("certificate_revoked"),
            "certificate",
            "proxy_ssl_certificate {revoked}; proxy_ssl_certificate_key {revoked};"
        ),
    ];

    private static string[] Shows(string paper) => ["-cert", $"{{{paper}}}", "-key", $"{{{paper}}}"];

    private static ClientCase Curl(string what, string outcome, string counted, params string[] arguments) =>
        CurlClient.Case(what, Mutual, outcome, counted, Tells.Version, arguments);
}
