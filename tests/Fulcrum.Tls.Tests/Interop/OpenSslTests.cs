using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Tls.Tests.Interop;

/// <summary>What <c>openssl s_client</c> says of our servers, and our clients of <c>openssl s_server</c>.</summary>
public sealed class OpenSslTests : IDisposable
{
    private readonly TestAuthority _authority = TestAuthority.Create();
    private readonly TestCertificate _issued;
    private readonly TemporaryDirectory _folder = new();
    private readonly TlsServer _server;

    public OpenSslTests()
    {
        _issued = _authority.Issue("a.example");
        _server = TlsServer.Create(
            new TlsServerSettings
            {
                Certificates = [Material.Load(_issued)],
                Alpn = Items.Create(["h2"]),
                Tickets = new TicketKeys(TimeProvider.System),
            }
        );
    }

    [Fact]
    public async Task A_handshake_is_as_it_should_be()
    {
        var said = await Ask(1, "-tls1_3", "-alpn", "h2", "-status");
        Assert.Contains("Verify return code: 0 (ok)", said, StringComparison.Ordinal);
        Assert.Contains("New, TLSv1.3, Cipher is TLS_AES_128_GCM_SHA256", said, StringComparison.Ordinal);
        Assert.Contains("Server Temp Key: X25519", said, StringComparison.Ordinal);
        Assert.Contains("ALPN protocol: h2", said, StringComparison.Ordinal);
        Assert.Contains("OCSP response: no response sent", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256")]
    [InlineData("TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_256_GCM_SHA384")]
    public async Task A_client_without_AES_in_hardware_gets_what_it_likes(string suites, string chosen) =>
        Assert.Contains(
            $"Cipher is {chosen}",
            await Ask(1, "-tls1_3", "-ciphersuites", suites),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task It_resumes()
    {
        // -reconnect comes again five times with the first session.
        var said = await Ask(6, "-tls1_2", "-reconnect");
        Assert.Equal(1, said.Split("New, TLSv1.2").Length - 1);
        Assert.Equal(5, said.Split("Reused, TLSv1.2").Length - 1);
        Assert.Contains("Compression: NONE", said, StringComparison.Ordinal);
        Assert.Contains("Secure Renegotiation IS supported", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_1", "alert protocol version")]
    [InlineData("-alpn", "alert no application protocol")]
    public async Task It_is_told_why_it_is_refused(string option, string alert)
    {
        string[] options = option == "-alpn" ? ["-alpn", "smtp"] : [option, "-cipher", "DEFAULT@SECLEVEL=0"];
        Assert.Contains(alert, await Ask(1, options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Our_client_resumes_with_its_server(string version)
    {
        var client = TlsClient.Create(
            new TlsClientSettings
            {
                Verify = TlsVerify.Authorities,
                Authorities = _folder.Write("root.pem", _authority.Pem),
                ServerName = "a.example",
            }
        );
        using var server = new Process { StartInfo = ServerOf(version) };
        server.Start();
        try
        {
            var endpoint = await Wait.For(PlaceOf(server.StandardOutput), "openssl to listen");
            foreach (var resumes in new[] { false, true, true })
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(endpoint);
                using var engine = client.Connect();
                var heard = await Wait.For(
                    SocketPeer.Run(socket, engine, "GET / HTTP/1.0\r\n\r\n"u8.ToArray()),
                    "the server's page"
                );
                Assert.Contains("HTTP/1.0 200 ok", Encoding.Latin1.GetString(heard), StringComparison.Ordinal);
                Assert.Equal(resumes, engine.IsResumed);
            }
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    public void Dispose()
    {
        _issued.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    // It names the port that it has been given: ACCEPT 127.0.0.1:40001.
    private static async Task<IPEndPoint> PlaceOf(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("ACCEPT ", StringComparison.Ordinal))
            {
                return IPEndPoint.Parse(line.Split(' ')[1]);
            }
        }
        throw new InvalidOperationException("openssl has ended");
    }

    private ProcessStartInfo ServerOf(string version)
    {
        var start = new ProcessStartInfo(Require.Tool("openssl"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        string[] arguments =
        [
            "s_server",
            "-accept",
            "127.0.0.1:0",
            "-www",
            version,
            "-cert",
            _folder.Write("server.pem", _issued.ChainPem),
            "-key",
            _folder.Write("key.pem", _issued.KeyPem),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        return start;
    }

    private async Task<string> Ask(int connections, params string[] options)
    {
        using var listener = SocketPeer.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
        var serving = Serve(listener, connections);
        var (_, output, errors) = await Tool.TryAsync(
            Wait.DefaultTimeout,
            "openssl",
            [
                "s_client",
                "-connect",
                $"127.0.0.1:{port}",
                "-servername",
                "a.example",
                "-CAfile",
                _folder.Write("root.pem", _authority.Pem),
                .. options,
            ]
        );
        await Wait.For(serving, $"{connections} connections to end: {output}{errors}");
        return output + errors;
    }

    private async Task Serve(Socket listener, int connections)
    {
        for (var at = 0; at < connections; at++)
        {
            using var socket = await listener.AcceptAsync();
            socket.Blocking = true;
            using var engine = _server.Accept("a.example")!;
            try
            {
                await SocketPeer.Run(socket, engine, "hello\n"u8.ToArray());
            }
            catch (SocketException)
            {
                // It does not always wait for our end.
            }
        }
    }
}
