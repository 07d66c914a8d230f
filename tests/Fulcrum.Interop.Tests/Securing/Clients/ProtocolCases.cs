using static Fulcrum.Interop.Tests.Securing.ProxyClients;

namespace Fulcrum.Interop.Tests.Securing.Clients;

internal static class ProtocolCases
{
    private const string Protocols = Listeners.Protocols;

    private static readonly string Refused = Alert.Of("no_application_protocol");

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        OpenSsl("offers h2 and http/1.1", Protocols, "served, TLS 1.3, h2", "handshake", "-alpn", "h2,http/1.1"),
        OpenSsl("offers http/1.1, then h2", Protocols, "served, TLS 1.3, h2", "handshake", "-alpn", "http/1.1,h2"),
        OpenSsl("offers http/1.1", Protocols, "served, TLS 1.3, http/1.1", "handshake", "-alpn", "http/1.1"),
        OpenSsl("offers spdy/3", Protocols, Refused, "alpn", "-alpn", "spdy/3"),
        OpenSsl("offers spdy/3 in TLS 1.2", Protocols, Refused, "alpn", "-tls1_2", "-alpn", "spdy/3"),
        OpenSsl("offers none", Protocols, "served, TLS 1.3, no ALPN", "handshake"),
        OpenSsl(
            "offers h2, where the listener has no `alpn`",
            Listeners.Usual,
            "served, TLS 1.3, no ALPN",
            "handshake",
            "-alpn",
            "h2"
        ),
        Curl("offers http/1.1", "served, TLS 1.3, http/1.1", "--http1.1"),
        Curl("offers none", "served, TLS 1.3, no ALPN", "--http1.1", "--no-alpn"),
        Haproxy(
            "offers http/1.1",
            Protocols,
            "served, TLS 1.3, http/1.1",
            "handshake",
            Tells.Protocol,
            "verify none alpn http/1.1"
        ),
        Haproxy("offers http/1.0", Protocols, Refused, "alpn", Tells.Protocol, "verify none alpn http/1.0"),
    ];

    private static ClientCase OpenSsl(
        string what,
        string listener,
        string outcome,
        string counted,
        params string[] arguments
    ) => OpenSslClient.Case(what, listener, outcome, counted, Tells.Protocol, arguments);

    private static ClientCase Curl(string what, string outcome, params string[] arguments) =>
        CurlClient.Case(what, Protocols, outcome, "handshake", Tells.Protocol, arguments);
}
