using static Fulcrum.Interop.Tests.Securing.ProxyClients;

namespace Fulcrum.Interop.Tests.Securing.Clients;

internal static class NameCases
{
    private const string Usual = Listeners.Usual;
    private const string Strict = Listeners.Strict;
    private const string OfName = "served, TLS 1.3, CN=shop.example.com";

    private static readonly string Refused = Alert.Of("unrecognized_name");

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        OpenSsl("the exact name", Usual, OfName, "handshake", "-servername", Papers.Name),
        OpenSsl("the name in capitals", Strict, OfName, "handshake", "-servername", "SHOP.Example.COM"),
        OpenSsl(
            "a name that a wildcard holds",
            Usual,
            "served, TLS 1.3, CN=*.wild.example.com",
            "handshake",
            "-servername",
            "one.wild.example.com"
        ),
        OpenSsl(
            "two labels where the wildcard stands for one",
            Usual,
            OfName,
            "handshake",
            "-servername",
            "one.two.wild.example.com"
        ),
        OpenSsl("an unknown name", Usual, OfName, "handshake", "-servername", "nobody.example.com"),
        OpenSsl("no name", Usual, OfName, "handshake", "-noservername"),
        OpenSsl(
            "an unknown name, `unknown-name: refuse`",
            Strict,
            Refused,
            "name",
            "-servername",
            "nobody.example.com"
        ),
        OpenSsl("no name, `unknown-name: refuse`", Strict, Refused, "name", "-noservername"),
        CurlClient.Case("the exact name", Strict, OfName, "handshake", Tells.Subject),
        CurlClient.Case(
            "an address, so no name, `unknown-name: refuse`",
            Strict,
            Refused,
            "name",
            Tells.Subject,
            "-k",
            "https://127.0.0.1/"
        ),
        Haproxy("the exact name", Strict, "served, TLS 1.3", "handshake", Tells.Version, "verify none"),
        Haproxy(
            "an unknown name, `unknown-name: refuse`",
            Strict,
            Refused,
            "name",
            Tells.Version,
            "verify none sni str(nobody.example.com)"
        ),
        Nginx("the exact name", Strict, "served", "handshake", ""),
        OpenSsl(
            "signatures of RSA alone",
            Usual,
            "served, TLS 1.3, RSA",
            "handshake",
            Tells.Key,
            "-sigalgs",
            "RSA-PSS+SHA256:RSA+SHA256"
        ),
        OpenSsl(
            "signatures of ECDSA alone",
            Usual,
            "served, TLS 1.3, ECDSA",
            "handshake",
            Tells.Key,
            "-sigalgs",
            "ECDSA+SHA256"
        ),
        OpenSsl(
            "TLS 1.2, ciphers of RSA alone",
            Usual,
            "served, TLS 1.2, RSA",
            "handshake",
            Tells.Key,
            "-tls1_2",
            "-cipher",
            "ECDHE-RSA-AES128-GCM-SHA256"
        ),
        OpenSsl(
            "TLS 1.2, ciphers of ECDSA alone",
            Usual,
            "served, TLS 1.2, ECDSA",
            "handshake",
            Tells.Key,
            "-tls1_2",
            "-cipher",
            "ECDHE-ECDSA-AES128-GCM-SHA256"
        ),
        OpenSsl(
            "signatures of RSA alone, where the certificate is ECDSA",
            Listeners.OneKey,
            Alert.Of("handshake_failure"),
            "cipher",
            Tells.Key,
            "-sigalgs",
            "RSA-PSS+SHA256:RSA+SHA256"
        ),
    ];

    private static ClientCase OpenSsl(
        string what,
        string listener,
        string outcome,
        string counted,
        params string[] arguments
    ) => OpenSsl(what, listener, outcome, counted, Tells.Subject, arguments);

    private static ClientCase OpenSsl(
        string what,
        string listener,
        string outcome,
        string counted,
        Tells tells,
        params string[] arguments
    ) => OpenSslClient.Case(what, listener, outcome, counted, tells, arguments);
}
