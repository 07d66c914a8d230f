using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Securing.Clients;

internal static class EndCases
{
    private const string Usual = Listeners.Usual;

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        CurlClient.Case(
            "speaks HTTP without TLS",
            Usual,
            "(52) Empty reply from server",
            "protocol",
            Tells.Version,
            $"http://{Papers.Name}/"
        ),
        new(OpenSslClient.Peer, "TLS 1.2, asks for a renegotiation", Usual, Alert.Of("no_renegotiation"), "handshake")
        {
            Ask = Renegotiation.AskAsync,
        },
        new("SslStream", "ends its stream without close_notify, and reads on", Usual, Seen.Page, "handshake")
        {
            Ask = CutAsync,
        },
    ];

    private static async Task<string> CutAsync(SecuredListeners listeners, ClientCase row)
    {
        var home = await listeners.Home();
        var socket = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Listeners.PortOf(row.Listener)));
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        using var root = X509CertificateLoader.LoadCertificateFromFile(listeners.Papers.Authority);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = Papers.Name,
            CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        await Wait.For(tls.AuthenticateAsClientAsync(options), "the handshake");
        await tls.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        socket.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(tls);
        var answer = await Wait.For(reader.ReadToEndAsync(), "an answer");
        return answer[(answer.LastIndexOf('\n') + 1)..];
    }
}
