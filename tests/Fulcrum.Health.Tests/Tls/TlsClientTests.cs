using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Fulcrum.Health.Tls;
using Fulcrum.Model.Tls;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests.Tls;

public sealed class TlsClientTests(TlsFixture tls) : IClassFixture<TlsFixture>
{
    [Theory]
    [InlineData(SslProtocols.Tls12, 1)]
    [InlineData(SslProtocols.Tls12, 16 * 1024)]
    [InlineData(SslProtocols.Tls13, 1)]
    [InlineData(SslProtocols.Tls13, 16 * 1024)]
    public void It_speaks_with_a_server_in_pieces_of_any_size(SslProtocols version, int piece)
    {
        using var server = tls.Serve(version: version);
        using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted));
        server.Converse(client, piece);
        Assert.Equal(TlsClientState.Open, client.State);
        Assert.Equal(version, client.Session!.Version);
        Assert.Null(client.Session.Alpn);
        Assert.Equal(tls["good"].Certificate.NotAfter, client.Session.NotAfter.LocalDateTime);
        Assert.Equal(["shop.example.com", "www.example.com"], client.Session.Names);

        client.Send("GET / HTTP/1.1\r\n\r\n"u8);
        server.Converse(client, piece);
        Assert.Equal("GET / HTTP/1.1\r\n\r\n", server.Received);
        server.Send("HTTP/1.1 200 OK\r\n\r\n"u8);
        server.Converse(client, piece);
        Assert.Equal("HTTP/1.1 200 OK\r\n\r\n", Encoding.ASCII.GetString(client.Plain));
        client.AdvancePlain(client.Plain.Length);
        server.Close();
        server.Converse(client, piece);
        Assert.Equal(TlsClientState.Ended, client.State);
    }

    [Fact]
    public void It_is_open_as_soon_as_the_servers_flight_is_fed()
    {
        for (var i = 0; i < 50; i++)
        {
            using var server = tls.Serve(version: SslProtocols.Tls13);
            using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted));
            client.Feed(server.Answer(client));
            Assert.Equal(TlsClientState.Open, client.State);
        }
    }

    [Theory]
    [InlineData("h2", "h2,http/1.1", "h2")]
    [InlineData("http/1.1", "h2,http/1.1", "http/1.1")]
    [InlineData("h2", "", null)]
    public void The_server_chooses_of_the_protocols_offered(string offered, string known, string? chosen)
    {
        var options = TlsServer.Options(tls["good"].Context);
        options.ApplicationProtocols =
            known.Length == 0 ? null : [.. known.Split(',').Select(name => new SslApplicationProtocol(name))];
        using var server = new TlsServer(options);
        using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted with { Alpn = [offered] }));
        server.Converse(client);
        Assert.Equal(chosen, client.Session!.Alpn);
    }

    [Theory]
    [InlineData("shop.example.com", "shop.example.com")]
    [InlineData(null, "")]
    public void The_name_is_asked_for_and_an_address_is_not(string? name, string asked)
    {
        using var server = tls.Serve("address");
        using var client = TlsFixture.Start(TlsFixture.Load(new() { Verify = TlsVerify.None }, name));
        server.Converse(client);
        Assert.Equal(asked, server.Stream.TargetHostName);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void What_is_asked_for_is_shown(SslProtocols version)
    {
        var options = TlsServer.Options(tls["good"].Context, version);
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        using var server = new TlsServer(options);
        using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted with { Certificate = tls.Client }));
        server.Converse(client);
        Assert.Equal(TlsClientState.Open, client.State);
        Assert.Equal(tls["good"].Certificate.GetCertHashString(), server.Stream.RemoteCertificate!.GetCertHashString());
    }

    [Theory]
    [InlineData(40, "handshake_failure")]
    [InlineData(70, "protocol_version")]
    [InlineData(80, "internal_error")]
    [InlineData(112, "unrecognized_name")]
    [InlineData(116, "certificate_required")]
    [InlineData(120, "no_application_protocol")]
    [InlineData(199, "alert 199")]
    public void An_alert_is_told_by_its_name(byte alert, string name)
    {
        using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted));
        client.Feed([21, 3, 3, 0, 2, 2, alert]);
        Assert.Equal($"the server refused the handshake: {name}", client.Failure);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", 4096, "HTTP/1.1 400 Bad")]
    [InlineData("SSH-2.0\r\n", 4096, "SSH-2.0")]
    [InlineData("220 smtp", 1, "2")]
    [InlineData("\u0016\u0001\u0002", 1, "1601")]
    [InlineData("\u0000\u0001", 4096, "0001")]
    public void Who_speaks_something_else_is_quoted(string text, int piece, string quoted)
    {
        using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted));
        foreach (var part in Encoding.ASCII.GetBytes(text).Chunk(piece))
        {
            client.Feed(part);
        }

        Assert.Equal($"the server speaks no TLS (first bytes: {quoted})", client.Failure);
    }

    [Fact]
    public void A_server_that_knows_none_of_our_versions_is_told_apart()
    {
        using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted));
        // A ServerHello of TLS 1.0.
        client.Feed([22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1, .. new byte[32], 0, 0xC0, 0x13, 0]);
        Assert.Equal("handshake failed: unsupported protocol", client.Failure);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(200)]
    public void A_server_that_closes_within_the_handshake_is_told(int bytes)
    {
        using var server = tls.Serve();
        using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted));
        client.Feed(server.Answer(client).AsSpan(0, bytes));
        Assert.Equal(TlsClientState.Handshaking, client.State);
        client.End();
        Assert.Equal("closed during the handshake", client.Failure);
    }

    [Fact]
    public void A_server_that_closes_within_a_record_is_told()
    {
        using var server = tls.Serve();
        using var client = Open(server);
        server.Send("hello"u8);
        client.Feed(server.Answer(client).AsSpan()[..^1]);
        client.End();
        Assert.Equal("closed in the middle of a record", client.Failure);
    }

    [Fact]
    public void A_server_that_just_closes_has_ended()
    {
        using var server = tls.Serve();
        using var client = Open(server);
        client.End();
        Assert.Equal((TlsClientState.Ended, null), (client.State, client.Failure));
    }

    [Fact]
    public void A_record_that_was_tampered_with_is_told()
    {
        using var server = tls.Serve();
        using var client = Open(server);
        server.Send("hello"u8);
        var record = server.Answer(client);
        record[^1] ^= 1;
        client.Feed(record);
        Assert.StartsWith("the connection is damaged: ", client.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_handshake_has_an_end()
    {
        using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted));
        // HelloRequests, which a client that is shaking hands ignores (RFC 5246 section 7.4.1.1).
        var requests = (byte[])[22, 3, 3, 0x40, 0, .. new byte[0x4000]];
        var fed = 0;
        while (client.State == TlsClientState.Handshaking)
        {
            Assert.True(fed <= TlsClient.MaxHandshake, $"{fed} bytes were taken");
            client.Feed(requests);
            fed += requests.Length;
        }

        Assert.Equal("the handshake is longer than 262144 bytes", client.Failure);
    }

    [Fact]
    public void Who_is_not_read_is_not_decrypted_and_nothing_is_lost()
    {
        var sent = new byte[200_000];
        Seeds.NewRandom().NextBytes(sent);
        using var server = tls.Serve();
        using var client = Open(server);
        server.Send(sent);
        var cipher = server.Answer(client).AsSpan();
        var received = new List<byte>();
        var waited = 0;
        while (received.Count < sent.Length)
        {
            var count = Math.Min(client.Room, cipher.Length);
            waited += count == 0 ? 1 : 0;
            client.Feed(cipher[..count]);
            cipher = cipher[count..];
            if (client.Room == 0 || cipher.IsEmpty)
            {
                Assert.False(client.Plain.IsEmpty);
                var taken = Math.Min(client.Plain.Length, 1000);
                received.AddRange(client.Plain[..taken]);
                client.AdvancePlain(taken);
            }
        }

        Assert.True(waited > 0, "there was always room");
        Assert.Equal(sent, received);
        Assert.Throws<ArgumentOutOfRangeException>(() => client.Feed(new byte[client.Room + 1]));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_server_that_asks_again_in_the_middle_harms_nobody(SslProtocols version)
    {
        using var server = new TlsServer(TlsServer.Options(tls["good"].Context, version)) { Reads = false };
        using var client = Open(server, tls.Client);
        using (new InlineScope())
        {
            var asked = server.Stream.NegotiateClientCertificateAsync();
            client.Feed(server.Answer(client));
            server.Answer(client);
            _ = asked.ContinueWith(task => task.Exception, TaskScheduler.Default);
        }

        if (client.State == TlsClientState.Open)
        {
            client.Send("still here"u8);
        }

        Assert.Equal(version == SslProtocols.Tls13 ? TlsClientState.Open : TlsClientState.Failed, client.State);
    }

    private TlsClient Open(TlsServer server, CertificateReference? certificate = null)
    {
        var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted with { Certificate = certificate }));
        server.Converse(client);
        Assert.Equal((TlsClientState.Open, null), (client.State, client.Failure));
        return client;
    }
}
