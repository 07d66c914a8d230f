using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Health.Tls;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Health.Tests.Tls;

/// <summary>With a server that is not ours, over sockets.</summary>
public sealed class TlsPeerTests(TlsFixture tls) : IClassFixture<TlsFixture>
{
    [Theory]
    [InlineData("", false, "shop.example.com", "HTTP/1.1 204 No Content")]
    [InlineData("verify required", true, "shop.example.com", "HTTP/1.1 204 No Content")]
    [InlineData("verify required", false, "shop.example.com", "the server refused the handshake: certificate_required")]
    [InlineData(
        "verify required ssl-max-ver TLSv1.2",
        false,
        "shop.example.com",
        "the server refused the handshake: handshake_failure"
    )]
    [InlineData("strict-sni", false, "www.example.com", "HTTP/1.1 204 No Content")]
    [InlineData("strict-sni", false, "other.example.com", "the server refused the handshake: unrecognized_name")]
    [InlineData("strict-sni", false, null, "the server refused the handshake: unrecognized_name")]
    [InlineData("plain", false, "shop.example.com", "the server speaks no TLS (first bytes: HTTP/1.1 400 Bad)")]
    public async Task What_a_real_server_does_is_understood(string options, bool shows, string? name, string answer)
    {
        using var directory = new TemporaryDirectory();
        var certificate = directory.Write("server.pem", tls["good"].ChainPem + tls["good"].KeyPem);
        var listen = new IPEndPoint(IPAddress.Loopback, Ports.Unused());
        var bind =
            options == "plain"
                ? ""
                : $"ssl crt {certificate} ca-file {tls.Trusted.Authorities} alpn http/1.1 {options}";
        await using var peer = await HaproxyPeer.Start(
            null,
            listen,
            $"""
            defaults
              mode http
              timeout client 10s
              timeout server 10s
              timeout connect 10s
            frontend test
              bind {listen} {bind}
              http-request return status 204
            """
        );
        var settings = TlsFixture.Load(tls.Trusted with { Certificate = shows ? tls.Client : null }, name);
        using var client = TlsFixture.Start(settings);
        Assert.Equal(answer, Ask(client, listen));
    }

    /// <summary>The first line of the answer, or the failure.</summary>
    private static string? Ask(TlsClient client, IPEndPoint server)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000 };
        socket.Connect(server);
        var scratch = new byte[4096];
        var asked = false;
        while (client.Failure is null && client.Plain.IsEmpty)
        {
            if (client.State == TlsClientState.Open && !asked)
            {
                client.Send("GET / HTTP/1.1\r\nHost: shop.example.com\r\n\r\n"u8);
                asked = true;
            }

            if (!client.Output.IsEmpty)
            {
                socket.Send(client.Output);
                client.AdvanceOutput(client.Output.Length);
            }

            var read = socket.Receive(scratch, Math.Min(scratch.Length, client.Room), SocketFlags.None);
            if (read == 0)
            {
                client.End();
                break;
            }

            client.Feed(scratch.AsSpan(0, read));
        }

        return client.Failure ?? Encoding.ASCII.GetString(client.Plain).Split("\r\n")[0];
    }
}
