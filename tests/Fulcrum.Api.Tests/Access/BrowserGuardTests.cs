using Fulcrum.Model.Access;

namespace Fulcrum.Api.Tests.Access;

/// <summary>What a page of a stranger can make a browser on this machine send.</summary>
public sealed class BrowserGuardTests : AccessTest
{
    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("127.9.9.9:80", 200)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST.:7400", 200)]
    [InlineData("[::1]:7400", 200)]
    [InlineData("attacker.example.com", 403)]
    [InlineData("localhost.attacker.example.com", 403)]
    [InlineData("127.0.0.1.attacker.example.com", 403)]
    [InlineData("192.0.2.1", 403)]
    [InlineData("0.0.0.0", 403)]
    public async Task A_name_that_is_not_loopbacks_is_somebody_elses(string host, int status)
    {
        await using var server = await StartAsync(Open());
        using var http = Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/status");
        request.Headers.Host = host;
        using var answer = await http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("POST", null, 400)]
    [InlineData("POST", "own", 400)]
    [InlineData("POST", "https://attacker.example.com", 403)]
    [InlineData("POST", "http://127.0.0.1:1", 403)]
    [InlineData("POST", "null", 403)]
    [InlineData("GET", "https://attacker.example.com", 405)]
    public async Task Another_sites_page_orders_nothing(string method, string? origin, int status)
    {
        var admin = Token("admin", AccessRole.Admin);
        await using var server = await StartAsync(Open());
        using var http = Client(server, admin);
        using var request = new HttpRequestMessage(new(method), "/api/v1/apply?source=a.yaml");
        if (origin is not null)
        {
            request.Headers.Add(
                "Origin",
                origin == "own" ? http.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin
            );
        }

        using var answer = await http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }
}
