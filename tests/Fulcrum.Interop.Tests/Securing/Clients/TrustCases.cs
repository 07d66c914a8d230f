using static Fulcrum.Interop.Tests.Securing.ProxyClients;

namespace Fulcrum.Interop.Tests.Securing.Clients;

internal static class TrustCases
{
    private const string Usual = Listeners.Usual;
    private const string Expired = Listeners.Expired;

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        OpenSsl("our certificate is expired", Expired, "refuses: certificate has expired", "alert"),
        OpenSsl("our certificate is self-signed", Listeners.SelfSigned, "refuses: self-signed certificate", "alert"),
        OpenSsl(
            "our certificate is for another name",
            Usual,
            "refuses: hostname mismatch",
            "alert",
            "-verify_hostname",
            Papers.OtherName
        ),
        OpenSsl(
            "does not know our authority",
            Usual,
            "refuses: unable to get local issuer certificate",
            "alert",
            "-CAfile",
            "{stranger}"
        ),
        Staple("asks for what the authority says, with `ocsp`", Listeners.Stapled, "served, TLS 1.3, stapled"),
        Staple("TLS 1.2, asks for it", Listeners.Stapled, "served, TLS 1.2, stapled", "-tls1_2"),
        Staple("asks for it, without `ocsp`", Usual, "served, TLS 1.3, nothing stapled"),
        Curl("our certificate is expired", Expired, "refuses: certificate has expired", "alert"),
        Curl("our certificate is self-signed", Listeners.SelfSigned, "refuses: self-signed certificate", "alert"),
        Curl(
            "our certificate is for another name",
            Usual,
            "refuses: no alternative certificate subject name matches target host name 'other.example.com'",
            "handshake",
            $"https://{Papers.OtherName}/"
        ),
        CurlClient.Case(
            "wants what the authority says (`--cert-status`)",
            Listeners.Stapled,
            "served, TLS 1.3",
            "handshake",
            Tells.Version,
            "--cert-status"
        ),
        CurlClient.Case(
            "wants it, without `ocsp`",
            Usual,
            "(91) No OCSP response received",
            "handshake",
            Tells.Version,
            "--cert-status"
        ),
        Haproxy(
            "our certificate is expired",
            Expired,
            "refuses: certificate verify failed",
            "alert",
            Tells.Version,
            "verify required ca-file {authority}"
        ),
        Haproxy(
            "our certificate is for another name",
            Usual,
            "refuses: certificate verify failed",
            "alert",
            Tells.Version,
            $"verify required ca-file {{authority}} sni str({Papers.OtherName})"
        ),
        Haproxy(
            "all is well",
            Usual,
            "served, TLS 1.3",
            "handshake",
            Tells.Version,
            "verify required ca-file {authority}"
        ),
        Nginx(
            "our certificate is expired",
            Expired,
            "refuses: certificate has expired",
            "handshake",
            "proxy_ssl_verify on; proxy_ssl_trusted_certificate {authority};"
        ),
        Nginx(
            "our certificate is for another name",
            Usual,
            $"refuses: does not match \"{Papers.OtherName}\"",
            "handshake",
            $"proxy_ssl_verify on; proxy_ssl_trusted_certificate {{authority}}; proxy_ssl_name {Papers.OtherName};"
        ),
        Nginx(
            "all is well",
            Usual,
            "served",
            "handshake",
            "proxy_ssl_verify on; proxy_ssl_trusted_certificate {authority};"
        ),
    ];

    private static ClientCase Staple(string what, string listener, string outcome, params string[] arguments) =>
        OpenSslClient.Case(what, listener, outcome, "handshake", Tells.Staple, ["-status", .. arguments]);

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
    ) => CurlClient.Case(what, listener, outcome, counted, Tells.Version, arguments);
}
