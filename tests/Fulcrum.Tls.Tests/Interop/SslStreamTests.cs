using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Tls.Tests.Interop;

/// <summary>With the TLS of the runtime at the other end.</summary>
public sealed class SslStreamTests : IDisposable
{
    private static readonly byte[] Words = [.. Enumerable.Range(0, 100_000).Select(at => (byte)at)];

    private readonly TestAuthority _authority = TestAuthority.Create();
    private readonly TestCertificate _issued;
    private readonly TemporaryDirectory _folder = new();

    public SslStreamTests() => _issued = _authority.Issue("a.example");

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task It_speaks_to_our_server(SslProtocols version)
    {
        var server = TlsServer.Create(
            new TlsServerSettings
            {
                Certificates = [Material.Load(_issued)],
                Alpn = Items.Create(["h2"]),
                Tickets = new TicketKeys(TimeProvider.System),
            }
        );
        foreach (var _ in new int[2])
        {
            var (one, other) = SocketPeer.Pair();
            using var engine = server.Accept("a.example")!;
            var talk = SocketPeer.Run(other, engine, Words);
            await using var stream = new SslStream(new NetworkStream(one, ownsSocket: true));
            await Wait.For(
                stream.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = "a.example",
                        EnabledSslProtocols = version,
                        ApplicationProtocols = [SslApplicationProtocol.Http2],
                        CertificateChainPolicy = Trusting(),
                    }
                ),
                "the handshake"
            );
            Assert.Equal(SslApplicationProtocol.Http2, stream.NegotiatedApplicationProtocol);
            await Converse(stream, talk);
            other.Dispose();
        }
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Our_client_speaks_to_it(SslProtocols version)
    {
        var client = TlsClient.Create(
            new TlsClientSettings
            {
                Verify = TlsVerify.Authorities,
                Authorities = _folder.Write("root.pem", _authority.Pem),
                ServerName = "a.example",
                Alpn = Items.Create(["h2", "http/1.1"]),
                Certificate = Material.Load(_issued),
            }
        );
        var (one, other) = SocketPeer.Pair();
        using var engine = client.Connect();
        var talk = SocketPeer.Run(one, engine, Words);
        await using var stream = new SslStream(new NetworkStream(other, ownsSocket: true));
        await Wait.For(
            stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = _issued.Context,
                    EnabledSslProtocols = version,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                    ClientCertificateRequired = true,
                    CertificateChainPolicy = Trusting(),
                }
            ),
            "the handshake"
        );
        Assert.Equal("a.example", stream.TargetHostName);
        Assert.Equal(_issued.Certificate.RawData, stream.RemoteCertificate!.GetRawCertData());
        await Converse(stream, talk);
        Assert.Equal("http/1.1", Encoding.ASCII.GetString(engine.Alpn));
        one.Dispose();
    }

    public void Dispose()
    {
        _issued.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    private static async Task Converse(SslStream stream, Task<byte[]> talk)
    {
        await Wait.For(stream.WriteAsync(Words).AsTask(), "our words to be taken");
        var heard = new byte[Words.Length];
        await Wait.For(stream.ReadExactlyAsync(heard).AsTask(), "its words");
        Assert.Equal(Words, heard);
        await Wait.For(stream.ShutdownAsync(), "our end to be said");
        Assert.Equal(Words, await Wait.For(talk, "all to be heard"));
        Assert.Equal(0, await Wait.For(stream.ReadAsync(heard).AsTask(), "its end"));
    }

    private X509ChainPolicy Trusting() =>
        new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _authority.Certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        };
}
