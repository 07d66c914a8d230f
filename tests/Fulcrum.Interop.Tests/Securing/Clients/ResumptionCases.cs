using Fulcrum.TestKit.Peers;
using static Fulcrum.Interop.Tests.Securing.ProxyClients;

namespace Fulcrum.Interop.Tests.Securing.Clients;

internal static class ResumptionCases
{
    private const string Usual = Listeners.Usual;
    private const string Twice = "handshake, resumed";
    private const int PortOfRestarted = 6001;

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        Resumed("TLS 1.2, comes again", Usual, Usual, "served, TLS 1.2, resumed", Twice, "-tls1_2"),
        Resumed("TLS 1.3, comes again", Usual, Usual, "served, TLS 1.3, resumed", Twice),
        Resumed("TLS 1.2, comes again without a ticket", Usual, Usual, "served, TLS 1.2, new", "2 × handshake", "-tls1_2", "-no_ticket"),
        Resumed("comes again at a listener for the same names", Usual, Listeners.OneKey, "served, TLS 1.3, resumed", "resumed"),
        Resumed("comes again with a ticket of 1.2, `minimum-version: tls1.3`", Usual, Listeners.Newest, "served, TLS 1.3, new", "handshake"),
        Resumed("comes again with a ticket of a listener that wants no certificate", Usual, Listeners.Mutual, Alert.Of("certificate_required"), "certificate-required"),
        Restarted("TLS 1.2, comes again after a restart", "served, TLS 1.2, new", "-tls1_2"),
        Restarted("TLS 1.3, comes again after a restart", "served, TLS 1.3, new"),
        Haproxy("TLS 1.2, comes again", Usual, "served, TLS 1.2, resumed", Twice, Tells.Resumption, "verify none force-tlsv12", times: 2),
        Haproxy("TLS 1.3, comes again", Usual, "served, TLS 1.3, resumed", Twice, Tells.Resumption, "verify none", times: 2),
        Nginx("TLS 1.2, comes again", Usual, "served", Twice, "proxy_ssl_session_reuse on; proxy_ssl_protocols TLSv1.2;", times: 2),
        Nginx("TLS 1.3, comes again", Usual, "served", Twice, "proxy_ssl_session_reuse on; proxy_ssl_protocols TLSv1.3;", times: 2),
    ];

    private static ClientCase Resumed(
        string what,
        string before,
        string listener,
        string outcome,
        string counted,
        params string[] arguments
    ) =>
        new(OpenSslClient.Peer, what, listener, outcome, counted)
        {
            Connections = before == listener ? 2 : 1,
            Ask = async (listeners, row) =>
            {
                var session = listeners.FileOf("session.pem");
                var first = listener == Listeners.Newest ? ["-tls1_2"] : arguments;
                await OpenSslClient.AskAsync(listeners, Listeners.PortOf(before), ["-sess_out", session, .. first]);
                var second = await OpenSslClient.AskAsync(
                    listeners,
                    Listeners.PortOf(listener),
                    ["-sess_in", session, .. arguments]
                );
                return second.Tell(Tells.Resumption);
            },
        };

    private static ClientCase Restarted(string what, string outcome, params string[] arguments) =>
        new(OpenSslClient.Peer, what, Usual, outcome, "")
        {
            Connections = 0,
            Ask = async (listeners, row) =>
            {
                var session = listeners.FileOf("session.pem");
                await using var daemon = await Daemon.Start(
                    await listeners.Home(),
                    $$"""
                    services:
                      again:
                        listen: tls://127.0.0.1:{{PortOfRestarted}}
                        tls: { certificates: [{{listeners.Papers.PathOf("good")}}] }
                        backends: [127.0.0.1:{{SecuredListeners.Page}}]
                    """
                );
                await OpenSslClient.AskAsync(listeners, PortOfRestarted, ["-sess_out", session, .. arguments]);
                await daemon.Stop();
                await daemon.Run();
                var second = await OpenSslClient.AskAsync(
                    listeners,
                    PortOfRestarted,
                    ["-sess_in", session, .. arguments]
                );
                return second.Tell(Tells.Resumption);
            },
        };
}
