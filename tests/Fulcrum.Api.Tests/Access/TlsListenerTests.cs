using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Fulcrum.Model.Access;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Api.Tests.Access;

public sealed class TlsListenerTests : AccessTest
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Versions_from_1_2_on_are_spoken(SslProtocols version)
    {
        await using var server = await StartAsync(Closed());
        await using var stream = await ShakeAsync(server, version);
        Assert.Equal(version, stream.SslProtocol);
    }

    [Fact]
    public async Task Older_versions_are_not()
    {
        await using var server = await StartAsync(Closed());
#pragma warning disable SYSLIB0039, CA5397 // That is what is tried.
        await Assert.ThrowsAnyAsync<Exception>(() => ShakeAsync(server, SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
    }

    [Fact]
    public async Task Without_TLS_nothing_is_heard()
    {
        await using var server = await StartAsync(Closed());
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 })
        {
            BaseAddress = new($"http://{Address(server).Authority}"),
        };
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/api/v1/status"));
    }

    [Fact]
    public async Task A_new_certificate_is_shown_without_a_break()
    {
        var settings = Closed();
        await using var server = await StartAsync(settings);
        using var standing = Client(server, null, Issue("root.example.com"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(standing));
        var before = await ShownAsync(server);
        Certificates("api");
        await Wait.Until(
            async () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return await ShownAsync(server) != before;
            },
            "the new certificate"
        );
        Assert.Equal(HttpStatusCode.OK, await AskAsync(standing));
    }

    [Fact]
    public async Task A_bad_certificate_leaves_the_good_one_and_is_a_trouble()
    {
        await using var server = await StartAsync(Closed());
        var before = await ShownAsync(server);
        await File.WriteAllTextAsync(PathOf("api.pem"), "nonsense");
        await Wait.Until(
            async () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                using var local = Client();
                var status = await local.GetStringAsync(new Uri("http://fulcrum/api/v1/status"));
                return status.Contains("api.pem: holds no certificate", StringComparison.Ordinal);
            },
            "the trouble to be shown"
        );
        Assert.Equal(before, await ShownAsync(server));
    }

    [Fact]
    public async Task A_certificate_of_a_strange_authority_opens_nothing()
    {
        using var strange = TestAuthority.Create("somebody");
        await using var server = await StartAsync(Closed());
        using var http = Client(server, null, strange.Issue("root.example.com"));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/api/v1/status"));
    }

    [Fact]
    public async Task An_expired_certificate_opens_nothing()
    {
        await using var server = await StartAsync(Closed());
        using var http = Client(server, null, Issue(Validity.Expired, "root.example.com"));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/api/v1/status"));
    }

    [Fact]
    public async Task A_connection_does_not_outlive_its_certificate()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var server = await StartAsync(Closed());
        using var http = Client(
            server,
            null,
            Issue(new Validity(now.AddDays(-1), now.AddHours(1)), "root.example.com")
        );
        Assert.Equal(HttpStatusCode.OK, await AskAsync(http));
        Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(http));
    }

    [Fact]
    public async Task Who_is_struck_from_the_clients_is_out_at_once()
    {
        var settings = Closed();
        await using var server = await StartAsync(settings);
        using var http = Client(server, null, Issue("root.example.com"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(http));
        await ApplyAsync(
            Parts() with
            {
                Api = settings with { Clients = [new("*.ops.example.com", AccessRole.Admin)] },
            }
        );
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(http));
    }

    [Theory]
    [InlineData("api.pem", "api.pem: there is no such file")]
    [InlineData("api.key", "api.key: there is no such file")]
    [InlineData("clients.pem", "clients.pem: there is no such file")]
    public async Task Without_a_file_the_node_does_not_start(string file, string part)
    {
        var settings = Closed();
        File.Delete(PathOf(file));
        var error = await Assert.ThrowsAsync<IOException>(() => StartAsync(settings));
        Assert.StartsWith("tls: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(part, error.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("/api/v1/status");
        return answer.StatusCode;
    }

    private static async Task<string> ShownAsync(ApiServer server)
    {
        await using var stream = await ShakeAsync(server, SslProtocols.None);
        return stream.RemoteCertificate!.GetSerialNumberString();
    }

    private static async Task<SslStream> ShakeAsync(ApiServer server, SslProtocols version)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Address(server).Port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), false);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    EnabledSslProtocols = version,
#pragma warning disable CA5359 // What is shown is what is asked about.
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                }
            );
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
