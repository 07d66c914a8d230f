using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Acme;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>A newcomer's TLS: two names in a short file, and certificates that come by themselves.</summary>
public sealed class CertificateTests
{
    private const int MostLines = 15;

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task The_file_of_the_readme_gets_two_names_their_certificates_and_shows_them()
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), EchoAsync);
        await using var authority = AcmeAuthority.Start(TimeProvider.System, tls: true);
        using var folder = new TemporaryDirectory();
        var trusted = folder.PathOf("authority.pem");
        await File.WriteAllTextAsync(trusted, authority.ServerAuthorityPem, TestContext.Current.CancellationToken);
        var place = new IPEndPoint(IPAddress.Loopback, Ports.Unused());
        authority.TlsPlace = _ => place;
        await using var daemon = await Daemon.Start(
            null,
            ReadmeFile(
                ("email: ops@example.com", $"directory: \"{authority.Directory}\", authorities: \"{trusted}\""),
                ("0.0.0.0:443", $"{place}"),
                ("127.0.0.1:9001, 127.0.0.1:9002", $"{server.EndPoint}")
            )
        );
        foreach (var name in (string[])["shop.example.com", "www.example.com"])
        {
            await Wait.Until(
                async () => await TryAskAsync(place, name, authority.RootPem) == "hello",
                $"{name} to be served under a certificate of the authority's",
                Bound
            );
        }

        await Wait.Until(() => Listed().Split("valid").Length == 3, "both certificates to be told", Bound);
        Assert.DoesNotContain("PRIVATE KEY", Listed(), StringComparison.Ordinal);

        string Listed() => daemon.Command("get", "certificates").Output;
    }

    /// <summary>As it stands there, but for the addresses and the authority of this test.</summary>
    private static string ReadmeFile(params (string There, string Here)[] places)
    {
        var readme = File.ReadAllText(Repository.PathOf("README.md"));
        var file = Assert.Single(
            readme.Split("```yaml\n"),
            part => part.StartsWith("# shop.yaml", StringComparison.Ordinal)
        );
        file = file[..file.IndexOf("```", StringComparison.Ordinal)];
        Assert.InRange(file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, MostLines);
        foreach (var (there, here) in places)
        {
            Assert.Contains(there, file, StringComparison.Ordinal);
            file = file.Replace(there, here, StringComparison.Ordinal);
        }

        return file;
    }

    /// <summary>What comes back over TLS, verified; null while there is no certificate.</summary>
    private static async Task<string?> TryAskAsync(IPEndPoint place, string name, string root)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(place);
        await using var tls = new SslStream(client.GetStream());
        using var trusted = X509Certificate2.CreateFromPem(root);
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.CustomTrustStore.Add(trusted);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = name, CertificateChainPolicy = policy }
            );
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return null;
        }

        await tls.WriteAsync("hello"u8.ToArray());
        var answer = new byte[5];
        await tls.ReadExactlyAsync(answer);
        return Encoding.ASCII.GetString(answer);
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer) is > 0 and var count)
        {
            await socket.SendAsync(buffer.AsMemory(0, count));
        }
    }
}
