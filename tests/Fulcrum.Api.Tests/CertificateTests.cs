using System.Net;
using System.Text.Json;
using Fulcrum.Api.Certificates;
using Fulcrum.Api.Objects;
using Fulcrum.Api.Status;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Api.Tests;

public sealed class CertificateTests : ApiTest
{
    private static readonly DateTimeOffset End = TimeProvider.System.GetUtcNow().AddDays(3);

    [Fact]
    public async Task A_certificate_is_told_with_all_that_it_says_of_itself()
    {
        await using var server = await ShowAsync(ShownCertificate.Until(End) with { Problem = "no key" });
        using var http = Client();
        var text = await http.GetStringAsync(new Uri("http://fulcrum/api/v1/certificates/%2Fetc%2Ffulcrum%2Fshop.pem"));
        var one = JsonSerializer.Deserialize(text, ApiJson.Default.CertificateDocument)!;
        Assert.Equal(("/etc/fulcrum/shop.pem", "file", "expiring"), (one.Name, one.Source, one.State));
        Assert.Equal(["shop.example.com", "*.shop.example.com"], one.Names);
        Assert.Equal(("CN=Test CA", "ECDSA P-256", "f1"), (one.Issuer, one.Key, one.Fingerprint));
        Assert.Equal((End.AddDays(-90), End), (one.NotBefore, one.NotAfter));
        Assert.InRange(one.ExpiresInSeconds!.Value, 2 * 86_400, 3 * 86_400);
        Assert.Equal(["web"], one.UsedBy);
        Assert.Equal("no key", one.LastError);
        Assert.Contains("\"expires-in-seconds\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_over_and_one_that_is_still_to_come_are_told_as_that()
    {
        await using var server = await ShowAsync(
            ShownCertificate.Missing(null, "new.example.com") with
            {
                IsAcme = true,
            },
            ShownCertificate.Until(End.AddDays(-10), "old.pem")
        );
        var list = await ListAsync();
        Assert.Equal(["new.example.com pending acme", "old.pem expired file"], list.Select(Shown));
        Assert.Equal((null, null, null), (list[0].NotAfter, list[0].ExpiresInSeconds, list[0].Issuer));
        Assert.InRange(list[1].ExpiresInSeconds!.Value, -8 * 86_400, -6 * 86_400);
        static string Shown(CertificateDocument one) => $"{one.Name} {one.State} {one.Source}";
    }

    [Fact]
    public async Task The_status_counts_them_and_tells_of_those_in_trouble()
    {
        await using var server = await ShowAsync(
            ShownCertificate.Until(End.AddDays(60), "a.pem"),
            ShownCertificate.Until(End, "b.pem"),
            ShownCertificate.Until(End.AddDays(-10), "c.pem"),
            ShownCertificate.Until(End.AddDays(60), "d.pem") with
            {
                Problem = "no key",
            },
            ShownCertificate.Missing(null, "new.example.com")
        );
        using var http = Client();
        var status = JsonSerializer.Deserialize(
            await http.GetStringAsync(new Uri("http://fulcrum/api/v1/status")),
            ApiJson.Default.StatusDocument
        )!;
        Assert.Equal(new CertificatesStatus(1, 1, 2, 1), status.Certificates);
        Assert.Equal(
            ["certificate/c.pem", "certificate/d.pem"],
            status.Troubles.Select(trouble => $"{trouble.Kind}/{trouble.Name}")
        );
        Assert.Equal("no key", status.Troubles[1].Reason);
        Assert.StartsWith("it ended at ", status.Troubles[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_shows_one_explains_it()
    {
        await using var server = await ShowAsync(ShownCertificate.Until(End));
        using var http = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://fulcrum/api/v1/explain?subject=service/web");
        request.Headers.Accept.ParseAdd("text/plain");
        using var answer = await http.SendAsync(request);
        Assert.Contains(
            "certificate//etc/fulcrum/shop.pem expiring: it ends soon, at ",
            (await answer.Content.ReadAsStringAsync()).ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Handshakes_are_told_of_services_where_TLS_ends_and_only_of_those()
    {
        Adapters.Observation = new(
            1,
            [
                new(
                    "web",
                    new()
                    {
                        TlsHandshakes = 10,
                        TlsResumed = 4,
                        TlsHandshakeTimeouts = 2,
                        TlsFailedVersion = 1,
                        TlsFailedName = 5,
                    },
                    []
                ),
            ]
        );
        await using var server = await StartAsync();
        await ApplyAsync(Web());
        Assert.Null((await ServiceAsync()).Tls);
        await ApplyAsync(WithTls());
        var tls = (await ServiceAsync()).Tls!;
        Assert.Equal((10, 4, 2, 6), (tls.Handshakes, tls.Resumed, tls.Timeouts, tls.Failed));
        Assert.Equal(new Dictionary<string, long> { ["version"] = 1, ["name"] = 5 }, tls.Failures);
    }

    [Fact]
    public async Task An_unknown_one_is_refused_with_what_was_meant()
    {
        await using var server = await ShowAsync(ShownCertificate.Until(End, "shop.pem"));
        using var http = Client();
        using var answer = await http.GetAsync(new Uri("http://fulcrum/api/v1/certificates/shpo.pem"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("shop.pem", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<ApiServer> ShowAsync(params IEnumerable<ObservedCertificate> certificates)
    {
        Adapters.Observation = Adapters.Observation with { Certificates = [.. certificates] };
        await ApplyAsync(Web());
        return await StartAsync();
    }

    private async Task<IReadOnlyList<CertificateDocument>> ListAsync()
    {
        using var http = Client();
        var text = await http.GetStringAsync(new Uri("http://fulcrum/api/v1/certificates"));
        return JsonSerializer.Deserialize(text, ApiJson.Default.ListDocumentCertificateDocument)!.Items;
    }

    private async Task<ServiceDocument> ServiceAsync()
    {
        using var http = Client();
        var text = await http.GetStringAsync(new Uri("http://fulcrum/api/v1/services/web"));
        return JsonSerializer.Deserialize(text, ApiJson.Default.ServiceDocument)!;
    }

    private static Snapshot WithTls()
    {
        var web = Web();
        return web with { Services = web.Services.With(web.Services[0] with { Tls = new() }) };
    }
}
