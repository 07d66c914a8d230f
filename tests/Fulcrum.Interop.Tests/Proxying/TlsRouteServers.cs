using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Certificates;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Proxying;

/// <summary>Three TLS servers, each with a certificate of its own, behind one listener that does not end TLS.</summary>
public sealed class TlsRouteServers : Shared<NginxPeer>
{
    internal const int Port = 8443;
    internal const string One = "one.example.com";
    internal const string Two = "two.example.com";
    internal const string Challenge = "challenge.example.com";
    internal const string ChallengeProtocol = "acme-tls/1";

    private const int PortOfOne = 9001;
    private const int PortOfTwo = 9002;
    private const int PortOfChallenge = 9003;

    private readonly TestAuthority _authority = TestAuthority.Create();
    private readonly TestCertificate _certificate;
    private TcpServer? _challenge;
    private Daemon? _daemon;

    public TlsRouteServers() => _certificate = _authority.Issue(Challenge);

    internal string Authority => Folder.PathOf("authority.pem");

    internal Daemon Daemon => _daemon!;

    public override async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
        if (_challenge is not null)
        {
            await _challenge.DisposeAsync();
        }
        _certificate.Dispose();
        _authority.Dispose();
        await base.DisposeAsync();
    }

    protected override async Task<NginxPeer> Start(NetworkNamespace home)
    {
        Folder.Write("authority.pem", _authority.Pem);
        // As an Ethernet has it: a large hello comes in several segments also where nobody cuts it.
        home.Ip("link", "set", "lo", "mtu", "1500");
        var peer = await NginxPeer.Start(
            home,
            new(IPAddress.Loopback, PortOfOne),
            Server(PortOfOne, One) + Server(PortOfTwo, Two)
        );
        await Open(home, PortOfTwo);
        _challenge = TcpServer.Start(home, new(IPAddress.Loopback, PortOfChallenge), AnswerChallenge);
        _daemon = await Daemon.Start(
            home,
            $$"""
            nodes:
              lb1: { threads: 2 }
            upstreams:
              one: { backends: [127.0.0.1:{{PortOfOne}}] }
              two: { backends: [127.0.0.1:{{PortOfTwo}}] }
              challenge: { backends: [127.0.0.1:{{PortOfChallenge}}] }
            services:
              tls:
                listen: tcp://127.0.0.1:{{Port}}
                routes:
                  - { match: { alpn: {{ChallengeProtocol}} }, upstream: challenge }
                  - { match: { sni: {{One}} }, upstream: one }
                  - { match: { sni: "*.example.com" }, upstream: two }
            """,
            null,
            "--node",
            "lb1"
        );
        return peer;
    }

    private string Server(int port, string name)
    {
        using var certificate = _authority.Issue(name);
        var file = Folder.Write($"{name}.pem", certificate.ChainPem);
        var key = Folder.Write($"{name}.key", certificate.KeyPem);
        return $$"""
            server {
              listen 127.0.0.1:{{port}} ssl http2;
              ssl_protocols TLSv1.2 TLSv1.3;
              ssl_certificate {{file}};
              ssl_certificate_key {{key}};
              location / { return 200 "{{name}}"; }
            }

            """;
    }

    private async Task AnswerChallenge(Socket socket)
    {
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = _certificate.Context,
                ApplicationProtocols = [new(ChallengeProtocol)],
            }
        );
        // All that was sent must be read, or closing resets the connection.
        var (buffer, request) = (new byte[4096], "");
        while (!request.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await tls.ReadAsync(buffer);
            if (count == 0)
            {
                return;
            }
            request += Encoding.ASCII.GetString(buffer, 0, count);
        }
        await tls.WriteAsync(Encoding.ASCII.GetBytes(Challenge));
        await tls.ShutdownAsync();
    }
}
