using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Engine.Ports;
using Fulcrum.TestKit.Load;

namespace Fulcrum.TestKit.Acme;

/// <summary>A server that shows challenge certificates to authorities, as a plane does.</summary>
public sealed class AcmeResponder : IAsyncDisposable
{
    private readonly IAcmeChallenges _challenges;
    private readonly TcpServer _server;

    public AcmeResponder(IAcmeChallenges challenges)
    {
        _challenges = challenges;
        _server = TcpServer.Start(null, new IPEndPoint(IPAddress.Loopback, 0), ServeAsync);
    }

    public IPEndPoint EndPoint => _server.EndPoint;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var secure = new SslStream(new NetworkStream(socket));
            await secure.AuthenticateAsServerAsync(
                (_, hello, _, _) => ValueTask.FromResult(Choose(hello.ServerName)),
                null
            );
            _ = await secure.ReadAsync(new byte[1]);
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            // The other side closes after the handshake, or was refused.
        }
    }

    private SslServerAuthenticationOptions Choose(string name)
    {
        var shown = _challenges.Find(name) ?? throw new AuthenticationException($"nobody asks for {name}");
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(shown.Key.Span, out _);
        using var certificate = X509CertificateLoader.LoadCertificate(shown.Certificate.Span);
        return new()
        {
            ServerCertificate = certificate.CopyWithPrivateKey(key),
            ApplicationProtocols = [new SslApplicationProtocol("acme-tls/1")],
        };
    }
}
