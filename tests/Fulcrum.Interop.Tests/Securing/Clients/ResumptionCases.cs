using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;
using static Fulcrum.Interop.Tests.Securing.ProxyClients;

namespace Fulcrum.Interop.Tests.Securing.Clients;

internal static class ResumptionCases
{
    private const string Usual = Listeners.Usual;
    private const string Twice = "handshake, resumed";
    private const string Secret = ", tickets: { secret: { file: {secret} } }";
    private const int PortOfLater = 6001;

    private static readonly string[] Revoked = ["-cert", "{revoked}", "-key", "{revoked}"];

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        Resumed("TLS 1.2, comes again", Usual, Usual, "served, TLS 1.2, resumed", Twice, "-tls1_2"),
        Resumed("TLS 1.3, comes again", Usual, Usual, "served, TLS 1.3, resumed", Twice),
        Resumed(
            "TLS 1.2, comes again without a ticket",
            Usual,
            Usual,
            "served, TLS 1.2, new",
            "2 × handshake",
            "-tls1_2",
            "-no_ticket"
        ),
        Resumed(
            "comes again at a listener for the same names",
            Usual,
            Listeners.OneKey,
            "served, TLS 1.3, resumed",
            "resumed"
        ),
        Resumed(
            "comes again with a ticket of 1.2, `minimum-version: tls1.3`",
            Usual,
            Listeners.Newest,
            "served, TLS 1.3, new",
            "handshake"
        ),
        Resumed(
            "comes again with a ticket of a listener that wants no certificate",
            Usual,
            Listeners.Mutual,
            Alert.Of("certificate_required"),
            "certificate-required"
        ),
        Resumed(
            "showed its certificate, comes again with its ticket alone",
            Listeners.Mutual,
            Listeners.Mutual,
            "served, TLS 1.3, resumed",
            Twice,
            ["-cert", "{good}", "-key", "{good}"],
            []
        ),
        Resumed(
            "is revoked, comes with a ticket of a listener that does not know",
            Listeners.Mutual,
            Listeners.Revoking,
            Alert.Of("certificate_revoked"),
            "certificate",
            Revoked,
            Revoked
        ),
        Later("TLS 1.2, comes again after a restart", "served, TLS 1.2, new", "", Restart, "-tls1_2"),
        Later("TLS 1.3, comes again after a restart", "served, TLS 1.3, new", "", Restart),
        Later(
            "TLS 1.2, comes again after a restart, `tickets: { secret: … }`",
            "served, TLS 1.2, resumed",
            Secret,
            Restart,
            "-tls1_2"
        ),
        Later(
            "TLS 1.3, comes again after a restart, `tickets: { secret: … }`",
            "served, TLS 1.3, resumed",
            Secret,
            Restart
        ),
        Later(
            "TLS 1.2, comes again after the secret has changed",
            "served, TLS 1.2, resumed",
            Secret,
            ChangeSecret,
            "-tls1_2"
        ),
        Later("TLS 1.3, comes again after the secret has changed", "served, TLS 1.3, resumed", Secret, ChangeSecret),
        Haproxy(
            "TLS 1.2, comes again",
            Usual,
            "served, TLS 1.2, resumed",
            Twice,
            Tells.Resumption,
            "verify none force-tlsv12",
            times: 2
        ),
        Haproxy(
            "TLS 1.3, comes again",
            Usual,
            "served, TLS 1.3, resumed",
            Twice,
            Tells.Resumption,
            "verify none",
            times: 2
        ),
        Nginx(
            "TLS 1.2, comes again",
            Usual,
            "served",
            Twice,
            "proxy_ssl_session_reuse on; proxy_ssl_protocols TLSv1.2;",
            times: 2
        ),
        Nginx(
            "TLS 1.3, comes again",
            Usual,
            "served",
            Twice,
            "proxy_ssl_session_reuse on; proxy_ssl_protocols TLSv1.3;",
            times: 2
        ),
    ];

    private static ClientCase Resumed(
        string what,
        string before,
        string listener,
        string outcome,
        string counted,
        params string[] arguments
    ) =>
        Resumed(
            what,
            before,
            listener,
            outcome,
            counted,
            listener == Listeners.Newest ? ["-tls1_2"] : arguments,
            arguments
        );

    private static ClientCase Resumed(
        string what,
        string before,
        string listener,
        string outcome,
        string counted,
        string[] first,
        string[] then
    ) =>
        new(OpenSslClient.Peer, what, listener, outcome, counted)
        {
            Connections = before == listener ? 2 : 1,
            Ask = async (listeners, row) =>
            {
                var session = listeners.FileOf("session.pem");
                await OpenSslClient.AskAsync(listeners, Listeners.PortOf(before), ["-sess_out", session, .. first]);
                var second = await OpenSslClient.AskAsync(
                    listeners,
                    Listeners.PortOf(listener),
                    ["-sess_in", session, .. then]
                );
                return second.Tell(Tells.Resumption);
            },
        };

    /// <param name="tickets">Settings of the service, behind its certificate.</param>
    /// <param name="change">What happens between both connections.</param>
    private static ClientCase Later(
        string what,
        string outcome,
        string tickets,
        Func<SecuredListeners, Daemon, Task> change,
        params string[] arguments
    ) =>
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
                      later:
                        listen: tls://127.0.0.1:{{PortOfLater}}
                        tls: { certificates: [{{listeners.Papers.PathOf("good")}}]{{Filling.Of(
                        tickets,
                        listeners.Papers
                    )}} }
                        backends: [127.0.0.1:{{SecuredListeners.Page}}]
                    """
                );
                await OpenSslClient.AskAsync(listeners, PortOfLater, ["-sess_out", session, .. arguments]);
                await change(listeners, daemon);
                var then = await OpenSslClient.AskAsync(listeners, PortOfLater, ["-sess_in", session, .. arguments]);
                return then.Tell(Tells.Resumption);
            },
        };

    private static async Task Restart(SecuredListeners listeners, Daemon daemon)
    {
        await daemon.Stop();
        await daemon.Run();
    }

    private static async Task ChangeSecret(SecuredListeners listeners, Daemon daemon)
    {
        var before = await TicketAsync();
        Assert.Equal(before, await TicketAsync());
        listeners.Papers.ChangeSecret();
        await Wait.Until(async () => await TicketAsync() != before, "tickets by the new secret");

        async Task<string> TicketAsync()
        {
            var seen = await OpenSslClient.AskAsync(listeners, PortOfLater, []);
            Assert.NotEmpty(seen.Ticket);
            return seen.Ticket;
        }
    }
}
