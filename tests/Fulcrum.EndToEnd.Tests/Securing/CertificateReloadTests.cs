using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.TestKit.Exposition;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Securing;

/// <summary>
/// Certificates that are replaced again and again while clients come all the time, in full and by resuming, and others talk all
/// the time. Every third time the configuration is loaded anew as well, with another listener's TLS.
/// </summary>
public sealed class CertificateReloadTests
{
    private const int HangUp = 1;

    [Fact]
    public async Task A_hundred_reloads_fail_no_handshake_and_drop_no_session()
    {
        var reloads = Soak.Count(100, 9);
        using var folder = new TemporaryDirectory();
        using var authority = TestAuthority.Create();
        using var one = authority.Issue("a.example");
        using var other = authority.Issue("a.example");
        TestCertificate[] certificates = [one, other];
        var file = folder.PathOf("a.pem");
        Show(file, one);
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), EchoAsync);
        var target = new IPEndPoint(IPAddress.Loopback, Ports.Unused());
        await using var daemon = await Daemon.Start(null, Configuration(0));
        using var api = daemon.Api();
        await using var talking = new LongSessions(target, authority);
        await using var coming = new HonestClients(target, authority);
        for (var reload = 1; reload <= reloads; reload++)
        {
            var certificate = certificates[reload % 2];
            Show(file, certificate);
            if (reload % 3 == 0)
            {
                await File.WriteAllTextAsync(daemon.File, Configuration(reload), TestContext.Current.CancellationToken);
                daemon.Signal(HangUp);
            }
            await Wait.Until(
                async () => await ShownAsync(target, authority) == certificate.Certificate.GetCertHashString(),
                $"reload {reload} to be seen"
            );
            await talking.UntilAllHaveTalkedAsync();
            Assert.Empty(coming.Failures);
            Assert.Empty(talking.Failures);
        }
        await coming.UntilServedAsync(coming.Served + 50);
        Assert.Empty(coming.Failures);
        Assert.Empty(talking.Failures);
        Assert.Equal(certificates.Select(each => each.Certificate.GetCertHashString()).Order(), coming.Shown.Order());
        var page = ExpositionParser.Parse(await api.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative)), false);
        var resumed = page.Value("fulcrum_tls_handshakes_total", ("service", "front"), ("resumed", "true"));
        var failed = page.Find("fulcrum_tls_handshake_failures_total").Sum(sample => sample.Value);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{reloads} reloads; {coming}; {resumed} resumed; {talking.Exchanges} exchanges of long sessions"
        );
        Assert.Equal(0, failed);
        Assert.True(resumed > 0);

        string Configuration(int number) =>
            $$"""
                services:
                  front:
                    listen: tls://{{target}}
                    tls: { certificates: "{{file}}", handshake-timeout: {{10 + (number % 2)}}s }
                    backends: [127.0.0.1:{{server.EndPoint.Port}}]
                """;
    }

    private static async Task<string> ShownAsync(IPEndPoint target, TestAuthority authority)
    {
        await using var tls = await TlsDoor.EnterAsync(
            target,
            TlsDoor.PolicyOf(authority),
            SslProtocols.None,
            resumes: false
        );
        return tls.RemoteCertificate!.GetCertHashString();
    }

    /// <summary>As those who renew certificates do: nobody is to read half of a file.</summary>
    private static void Show(string file, TestCertificate certificate)
    {
        File.WriteAllText(file + ".new", certificate.ChainPem + certificate.KeyPem);
        File.SetUnixFileMode(file + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await socket.ReceiveAsync(buffer)) > 0)
        {
            await socket.SendAsync(buffer.AsMemory(0, count));
        }
    }
}
