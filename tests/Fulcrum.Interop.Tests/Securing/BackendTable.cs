using static Fulcrum.Interop.Tests.Securing.BackendCase;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>All rows of servers.</summary>
internal static class BackendTable
{
    private const string Next = "connect failure, retry";

    // We believe the authority, and the name is asked for.
    private const string Verifying = "verify: authorities, authorities: {authority}, server-name: " + Papers.Name;
    private const string Nameless = "verify: authorities, authorities: {authority}";
    private const string Careless = "verify: none";
    private const string AskedFor = ", asked for " + Papers.Name;
    private const string BothVersions = "ssl_protocols TLSv1.2 TLSv1.3;";

    public static BackendCase[] All { get; } =
    [
        .. Both("the right name", "good", Verifying, "TLS 1.3" + AskedFor),
        .. Both("no `server-name`: a certificate for the address", "address", Nameless, "TLS 1.3"),
        .. Refused("no `server-name`: no certificate for the address", "good", Nameless, "bad_certificate"),
        .. Refused("another name", "other", Verifying, "bad_certificate"),
        .. Refused("expired", "expired", Verifying, "certificate_expired"),
        new(
            Nginx,
            "expired, and there is no other backend",
            Alert.Of("certificate_expired"),
            "nothing",
            "connect failure"
        )
        {
            Paper = "expired",
            Server = BothVersions,
            Tls = Verifying,
            IsAlone = true,
        },
        .. Refused("not valid yet", "early", Verifying, "bad_certificate"),
        .. Refused("of another authority", "foreign", Verifying, "unknown_ca"),
        .. Refused(
            "of an authority that the system does not know",
            "good",
            "server-name: " + Papers.Name,
            "unknown_ca"
        ),
        .. Refused("self-signed", "self-signed", Verifying, "unknown_ca"),
        .. Refused(
            "revoked, with `revocations`",
            "revoked",
            Verifying + ", revocations: {revocations}",
            "certificate_revoked"
        ),
        .. Both(
            "not revoked, with `revocations`",
            "good",
            Verifying + ", revocations: {revocations}",
            "TLS 1.3" + AskedFor
        ),
        .. Both("self-signed, `verify: none`", "self-signed", Careless, "TLS 1.3"),
        .. Both("expired and for another name, `verify: none`", "expired", Careless, "TLS 1.3"),
        .. Configured("TLS 1.2 alone", "TLS 1.2", "ssl_protocols TLSv1.2;", "force-tlsv12", Careless),
        .. Configured("TLS 1.3 alone", "TLS 1.3", "ssl_protocols TLSv1.3;", "force-tlsv13", Careless),
        .. Unserved(
            "TLS 1.1 alone",
            "error: unsupported protocol",
            "ssl_protocols TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;",
            "force-tlsv11 ciphers DEFAULT@SECLEVEL=0",
            Careless
        ),
        .. Unserved(
            "TLS 1.2 alone, `minimum-version: tls1.3`",
            "error: unsupported protocol",
            "ssl_protocols TLSv1.2;",
            "force-tlsv12",
            Careless + ", minimum-version: tls1.3"
        ),
        .. Configured(
            "speaks http/1.1 among those offered",
            "TLS 1.3, http/1.1",
            BothVersions,
            "alpn http/1.1",
            Careless + ", alpn: [h2, http/1.1]"
        ),
        new(Nginx, "speaks none of the protocols offered", "error: no application protocol", Another, Next)
        {
            Paper = "good",
            Server = BothVersions,
            Tls = Careless + ", alpn: [spdy/3]",
        },
        new(Haproxy, "speaks none of the protocols offered", "TLS 1.3", Seen.Page, "")
        {
            Paper = "good",
            Server = "alpn h2",
            Tls = Careless + ", alpn: [spdy/3]",
        },
        .. Both("comes again", "good", Careless, "TLS 1.3, resumed", 2),
        .. Configured(
            "TLS 1.2, comes again",
            "TLS 1.2, resumed",
            "ssl_protocols TLSv1.2;",
            "force-tlsv12",
            Careless,
            2
        ),
        .. Configured(
            "wants a certificate, ours is good",
            "TLS 1.3, our certificate",
            BothVersions + " ssl_verify_client on; ssl_client_certificate {authority};",
            "verify required ca-file {authority}",
            Careless + ", certificate: {good}"
        ),
        new(Nginx, "speaks HTTP without TLS", "client sent invalid method", Another, Next) { Tls = Careless },
        new(Nginx, "wants a certificate, we have none", "client sent no required SSL certificate", "status 400", "")
        {
            Paper = "good",
            Server = BothVersions + " ssl_verify_client on; ssl_client_certificate {authority};",
            Tls = Careless,
        },
        new(
            Haproxy,
            "TLS 1.2, wants a certificate, we have none",
            "error: peer did not return a certificate",
            Another,
            Next
        )
        {
            Paper = "good",
            Server = "force-tlsv12 verify required ca-file {authority}",
            Tls = Careless,
        },
        new(
            Haproxy,
            "TLS 1.3, wants a certificate, we have none",
            "error: peer did not return a certificate",
            "nothing",
            ""
        )
        {
            Paper = "good",
            Server = "verify required ca-file {authority}",
            Tls = Careless,
        },
    ];

    private static IEnumerable<BackendCase> Both(string what, string paper, string tls, string sees, int times = 1) =>
        Pair(what, paper, sees, Seen.Page, "", BothVersions, "", tls, times);

    private static IEnumerable<BackendCase> Refused(string what, string paper, string tls, string alert) =>
        Pair(what, paper, Alert.Of(alert), Another, Next, BothVersions, "", tls);

    private static IEnumerable<BackendCase> Configured(
        string what,
        string sees,
        string nginx,
        string haproxy,
        string tls,
        int times = 1
    ) => Pair(what, "good", sees, Seen.Page, "", nginx, haproxy, tls, times);

    private static IEnumerable<BackendCase> Unserved(
        string what,
        string sees,
        string nginx,
        string haproxy,
        string tls
    ) => Pair(what, "good", sees, Another, Next, nginx, haproxy, tls);

    private static IEnumerable<BackendCase> Pair(
        string what,
        string paper,
        string sees,
        string gets,
        string counted,
        string nginx,
        string haproxy,
        string tls,
        int times = 1
    ) =>
        new[] { (Nginx, nginx), (Haproxy, haproxy) }.Select(one => new BackendCase(one.Item1, what, sees, gets, counted)
        {
            Paper = paper,
            Server = one.Item2,
            Tls = tls,
            Times = times,
        });
}
