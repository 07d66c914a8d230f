using System.Globalization;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Tls;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class TlsTests(WebServer server) : IClassFixture<WebServer>
{
    [Theory]
    [InlineData(WebServer.Tls, null)]
    [InlineData(WebServer.Http1Tls, null)]
    [InlineData(WebServer.Expired, "certificate expired on YESTERYEAR")]
    [InlineData(WebServer.OtherName, "certificate is for other.example.com, not shop.example.com")]
    [InlineData(WebServer.SelfSigned, "certificate is self-signed")]
    [InlineData(WebServer.Mutual, "status 400")]
    [InlineData(WebServer.Plain, "the server speaks no TLS (first bytes: HTTP/1.1 400 Bad)")]
    public async Task A_certificate_is_judged(int port, string? reason)
    {
        var yesteryear = TimeProvider
            .System.GetUtcNow()
            .AddYears(-1)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var finding = await server.Ask(new HttpProbe { Tls = server.Trusting() }, port);
        Assert.Equal(
            reason is null
                ? Healthy("status 200")
                : Unhealthy(reason.Replace("YESTERYEAR", yesteryear, StringComparison.Ordinal)),
            finding
        );
    }

    [Theory]
    [InlineData(TlsVerify.System, WebServer.Tls, "certificate is not signed by a known authority")]
    [InlineData(TlsVerify.None, WebServer.Expired, null)]
    [InlineData(TlsVerify.None, WebServer.SelfSigned, null)]
    public async Task Whom_to_trust_is_selectable(TlsVerify verify, int port, string? reason)
    {
        var tls = new TlsConnection { Verify = verify, ServerName = WebServer.Name };
        var finding = await server.Ask(new HttpProbe { Tls = tls }, port);
        Assert.Equal(reason is null ? Healthy("status 200") : Unhealthy(reason), finding);
    }

    /// <summary>Without any name the certificate must be for the address.</summary>
    [Theory]
    [InlineData(null, null, "status 200")]
    [InlineData(null, "shop.example.com", "status 200")]
    [InlineData(null, "www.example.com", "certificate is for shop.example.com, 127.0.0.1, not www.example.com")]
    [InlineData("shop.example.com", "www.example.com", "status 200")]
    public async Task The_name_asked_for_is_that_of_the_check_then_of_the_backend(
        string? serverName,
        string? backend,
        string reason
    )
    {
        var tls = server.Trusting() with { ServerName = serverName };
        var finding = await server.Ask(
            new HttpProbe { Tls = tls },
            WebServer.Tls,
            task => task with { Name = backend }
        );
        Assert.Equal(reason, finding.Reason);
    }

    [Fact]
    public async Task Who_shows_the_certificate_that_is_asked_for_is_let_in()
    {
        await server.Home();
        var tls = server.Trusting() with { Certificate = server.ClientCertificate() };
        foreach (var version in new[] { HttpProbeVersion.Http1, HttpProbeVersion.Http2 })
        {
            var finding = await server.Ask(new HttpProbe { Version = version, Tls = tls }, WebServer.Mutual);
            Assert.Equal(Healthy("status 200"), finding);
        }
    }

    [Fact]
    public async Task Http2_must_be_agreed_on() =>
        Assert.Equal(
            Unhealthy("the server refused the handshake: no_application_protocol"),
            await server.Ask(
                new HttpProbe { Version = HttpProbeVersion.Http2, Tls = server.Trusting() },
                WebServer.Http1Tls
            )
        );

    [Theory]
    [InlineData(WebServer.Tls, "connected with Tls13")]
    [InlineData(WebServer.Http1Tls, "connected with Tls12")]
    public async Task A_connection_with_TLS_and_no_more_is_healthy(int port, string reason) =>
        Assert.Equal(Healthy(reason), await server.Ask(new TcpProbe { Tls = server.Trusting() }, port));
}
