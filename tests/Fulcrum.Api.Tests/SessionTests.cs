using System.Net;
using System.Text.Json;
using Fulcrum.Api.Tests.Access;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Access;
using Fulcrum.TestKit;

namespace Fulcrum.Api.Tests;

public sealed class SessionTests : AccessTest
{
    [Fact]
    public async Task A_session_is_told_with_what_is_known_of_it()
    {
        await using var server = await StartAsync();
        using var http = Local();
        var text = await http.GetStringAsync("/api/v1/sessions");
        var list = JsonSerializer.Deserialize(text, ApiJson.Default.SessionsDocument)!;
        Assert.Equal((null, 0, false), (list.Next, list.More, list.Cut));
        var one = Assert.Single(list.Items);
        Assert.Equal(("0-1-a", "web", "tcp://127.0.0.1:8080"), (one.Id, one.Service, one.Listener));
        Assert.Equal(("tcp", "192.0.2.7:40000", "open"), (one.Protocol, one.Client, one.State));
        Assert.Equal(("web", "10.0.0.1:80"), (one.Upstream, one.Backend));
        Assert.Equal((DateTimeOffset.UnixEpoch, 90.0), (one.Began, one.AgeSeconds));
        Assert.Equal((1_000, 2_000), (one.BytesIn, one.BytesOut));
        Assert.Contains("\"age-seconds\": 90", text, StringComparison.Ordinal);
        var alone = await http.GetStringAsync("/api/v1/sessions/0-1-a");
        Assert.Equal(one, JsonSerializer.Deserialize(alone, ApiJson.Default.SessionDocument));
    }

    [Fact]
    public async Task What_is_asked_for_reaches_the_loops()
    {
        await using var server = await StartAsync();
        using var http = Local();
        await http.GetStringAsync(
            "/api/v1/sessions?service=a&upstream=b&backend=c/d/e&client=192.0.2.7&limit=3&after=1-2-f"
        );
        var asked = Adapters.Asked!;
        Assert.Equal(("a", "b", "c/d/e"), (asked.Service, asked.Upstream, asked.Backend));
        Assert.Equal(IPNetwork.Parse("192.0.2.7/32"), asked.Client);
        Assert.Equal((3, new SessionId(1, 2, 15), null), (asked.Limit, asked.After, asked.Services));
        await http.GetStringAsync("/api/v1/sessions?client=2001:db8::/32");
        Assert.Equal((IPNetwork.Parse("2001:db8::/32"), 1000), (Adapters.Asked!.Client, Adapters.Asked.Limit));
    }

    [Theory]
    [InlineData("client=192.0.2.7/33", "client '192.0.2.7/33' is not an address or a network such as 192.0.2.0/24")]
    [InlineData("client=web", "client 'web' is not an address")]
    [InlineData("after=web", "after 'web' is not the id of a session")]
    [InlineData("limit=0", "limit '0' is not a number from 1 to 10000")]
    [InlineData("sevice=web", "did you mean 'service'?")]
    public async Task What_is_not_understood_is_refused(string query, string why)
    {
        await using var server = await StartAsync();
        using var http = Local();
        using var answer = await http.GetAsync($"/api/v1/sessions?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(why, await TitleOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_ended_is_gone_and_in_the_audit()
    {
        await using var server = await StartAsync(Open());
        using var http = Local();
        using var ended = await http.DeleteAsync("/api/v1/sessions/0-1-a");
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Empty(Adapters.Sessions);
        using var again = await http.DeleteAsync("/api/v1/sessions/0-1-a");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal("there is no session '0-1-a'; it has ended, or never was", await TitleOf(again));
        await Wait.Until(
            () => File.Exists(Audit) && File.ReadAllText(Audit).Contains("end-session", StringComparison.Ordinal),
            "the audit"
        );
        var line = (await File.ReadAllLinesAsync(Audit))[0];
        Assert.Contains("0-1-a", line, StringComparison.Ordinal);
        Assert.Contains("tcp 192.0.2.7:40000 to web (web/10.0.0.1:80)", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_sees_and_ends_the_sessions_of_its_services_alone()
    {
        var web = Adapters.Sessions[0] with { Upstream = "web-upstream" };
        Adapters.Sessions.Clear();
        Adapters.Sessions.AddRange([
            web,
            web with
            {
                Id = new(0, 2, 11),
                Upstream = "db-upstream",
                Backend = "10.0.0.2:80",
            },
            web with
            {
                Id = new(1, 0, 12),
                Service = "db",
            },
            web with
            {
                Id = new(1, 1, 13),
                Service = "gone",
            },
        ]);
        var token = Token("web", AccessRole.Operator, OfWeb);
        await using var server = await StartAsync(Open());
        using var http = Client(server, token);
        var list = JsonSerializer.Deserialize(
            await http.GetStringAsync("/api/v1/sessions"),
            ApiJson.Default.SessionsDocument
        )!;
        Assert.Equal(["0-1-a", "0-2-b"], list.Items.Select(one => one.Id));
        Assert.Equal(["web-upstream", null], list.Items.Select(one => one.Upstream));
        Assert.Equal(["10.0.0.1:80", null], list.Items.Select(one => one.Backend));

        foreach (var id in new[] { "1-0-c", "1-1-d", "7-7-7", "nonsense" })
        {
            using var looked = await http.GetAsync($"/api/v1/sessions/{id}");
            using var ended = await http.DeleteAsync($"/api/v1/sessions/{id}");
            Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (looked.StatusCode, ended.StatusCode));
        }

        foreach (var query in new[] { "service=db", "upstream=db-upstream", "backend=db-upstream/10.0.0.2:80" })
        {
            using var asked = await http.GetAsync($"/api/v1/sessions?{query}");
            Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);
        }

        using var own = await http.DeleteAsync("/api/v1/sessions/0-2-b");
        Assert.Equal(HttpStatusCode.NoContent, own.StatusCode);
        Assert.Equal(3, Adapters.Sessions.Count);
    }

    private HttpClient Local()
    {
        var http = Client();
        http.BaseAddress = new("http://fulcrum");
        return http;
    }

    private static async Task<string> TitleOf(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("title").GetString()!;
}
