using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Fulcrum.Api.Tests;

/// <summary>Parts of the configuration, put, patched and deleted through the API.</summary>
public sealed class ConfigurationTests : ApiTest
{
    private const string Shop = """{ "listen": "tcp://127.0.0.1:8081", "backends": ["10.0.0.1:80", "10.0.0.2:80"] }""";

    [Fact]
    public async Task A_service_is_made_read_changed_and_removed()
    {
        await using var api = await BeginAsync();
        var (made, _) = await api.SendAsync("PUT", "services/shop", Shop);
        Assert.Equal(HttpStatusCode.Created, made);
        var shop = await api.GetAsync("services/shop");
        Assert.Equal("shop", (string)shop["upstream"]!);
        Assert.Equal(2, (await api.GetAsync("upstreams/shop"))["backends"]!.AsArray().Count);

        var (patched, _) = await api.SendAsync("PATCH", "services/shop", """{ "labels": { "tier": "web" } }""");
        Assert.Equal(HttpStatusCode.OK, patched);
        Assert.Equal("web", (string)(await api.GetAsync("services/shop"))["labels"]!["tier"]!);
        Assert.Equal("tcp://127.0.0.1:8081", (string)(await api.GetAsync("services/shop"))["listen"]!);

        var (gone, _) = await api.SendAsync("DELETE", "services/shop?cascade=true");
        Assert.Equal(HttpStatusCode.OK, gone);
        Assert.Equal(["web"], Engine.State.Inputs.Snapshot.Services.Select(service => service.Name));
        Assert.Equal(["web"], Engine.State.Inputs.Snapshot.Upstreams.Select(upstream => upstream.Name));
    }

    [Fact]
    public async Task Putting_the_same_again_changes_nothing()
    {
        await using var api = await BeginAsync();
        await api.SendAsync("PUT", "services/shop", Shop);
        var before = Engine.Book;
        var (again, answer) = await api.SendAsync("PUT", "services/shop", Shop);
        Assert.Equal(HttpStatusCode.OK, again);
        Assert.Equal(Engine.State.Generation, (long)answer["generation"]!);
        Assert.Same(before, Engine.Book);
    }

    [Fact]
    public async Task What_the_API_made_is_durable()
    {
        await using var api = await BeginAsync();
        await api.SendAsync("PUT", "services/shop", Shop);
        Assert.Equal(2, Journal.Entries.Count(entry => entry.Key.Contains("shop", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("PUT", "services/web", Shop, 409, "belongs to file web.yaml")]
    [InlineData("PATCH", "services/web", """{ "labels": { "a": "b" } }""", 409, "belongs to file web.yaml")]
    [InlineData("DELETE", "services/web", null, 409, "belongs to file web.yaml")]
    [InlineData("DELETE", "services/shop", null, 404, "there is no object in services called 'shop'")]
    [InlineData("PATCH", "services/wep", "{}", 404, "did you mean 'web'?")]
    [InlineData("PUT", "nodes/lb1", "{}", 404, "there is no kind of objects that the API changes 'nodes'")]
    [InlineData("PUT", "service/shop", Shop, 404, "did you mean 'services'?")]
    [InlineData("PUT", "services/shop", "", 400, "the body is empty")]
    [InlineData("PUT", "services/shop", "[]", 400, "found a list")]
    [InlineData("PUT", "services/shop", "{", 400, "1")]
    [InlineData("PUT", "services/shop", """{ "listen": "tcp://127.0.0.1:8081", "upstrem": "web" }""", 400, "upstream")]
    [InlineData("PUT", "services/shop", """{ "listen": "tcp://127.0.0.1:8081", "upstream": "x" }""", 409, "'x'")]
    [InlineData("PUT", "services/shop", """{ "listen": "tcp://127.0.0.1:8080", "upstream": "web" }""", 409, "8080")]
    [InlineData("PUT", "services/-", Shop, 400, "a name")]
    [InlineData(
        "PUT",
        "services/shop",
        """{ "listen": "tcp://127.0.0.1:8081", "upstream": "web", "sessions": { "track": "1m" } }""",
        422,
        "track"
    )]
    [InlineData("PATCH", "services/web", "[]", 400, "a merge patch is an object")]
    [InlineData("PATCH", "services/web", """{ "labels": 1, "labels": 2 }""", 400, "labels")]
    [InlineData("PUT", "upstreams/web/backends/10.0.0.9:80", "{}", 409, "belongs to file web.yaml")]
    [InlineData("DELETE", "upstreams/web/backends/10.0.0.9:80", null, 404, "did you mean '10.0.0.1:80'?")]
    [InlineData("PATCH", "upstreams/wep/backends/a", "{}", 404, "did you mean 'web'?")]
    public async Task What_cannot_be_is_refused_and_changes_nothing(
        string method,
        string path,
        string? body,
        int status,
        string part
    )
    {
        await using var api = await BeginAsync();
        var before = Engine.Book;
        var (answered, answer) = await api.SendAsync(method, path, body);
        Assert.Contains(part, answer.ToJsonString(Plain), StringComparison.Ordinal);
        Assert.Equal(status, (int)answered);
        Assert.Same(before, Engine.Book);
    }

    [Fact]
    public async Task What_is_wrong_in_a_body_has_its_place()
    {
        await using var api = await BeginAsync();
        var (_, answer) = await api.SendAsync("PUT", "services/shop", "{\n  \"listen\": \"tcp://x:y:z\"\n}");
        var problem = answer["problems"]![0]!;
        Assert.Equal(("services.shop.listen", 2), ((string)problem["path"]!, (int)problem["line"]!));
        Assert.NotNull(problem["expected"]);
    }

    [Fact]
    public async Task A_backend_comes_changes_and_goes_by_itself()
    {
        await using var api = await BeginAsync();
        await api.SendAsync("PUT", "services/shop", Shop);
        const string path = "upstreams/shop/backends/";
        await api.SendAsync("PUT", path + "10.0.0.3:80", """{ "weight": 3 }""");
        await api.SendAsync("PUT", path + "four", """{ "address": "10.0.0.4:80" }""");
        await api.SendAsync("PATCH", path + "10.0.0.1:80", """{ "weight": 7 }""");
        await api.SendAsync("DELETE", path + "10.0.0.2:80");
        Assert.Equal(
            ["10.0.0.1:80 7", "10.0.0.3:80 3", "four 1"],
            Engine
                .State.Inputs.Snapshot.Upstreams.Find("shop")!
                .Backends.AsEnumerable()
                .Select(one => $"{one.Id} {one.Weight}")
        );
        Assert.Equal("10.0.0.4:80", (string)(await api.GetAsync(path + "four"))["address"]!);
        var (unknown, _) = await api.SendAsync("GET", path + "10.0.0.2:80");
        Assert.Equal(HttpStatusCode.NotFound, unknown);
    }

    [Fact]
    public async Task Conditions_keep_what_somebody_else_has_changed()
    {
        await using var api = await BeginAsync();
        await api.SendAsync("PUT", "services/shop", Shop);
        var tag = await api.TagAsync("services/shop");
        await api.SendAsync("PATCH", "services/shop", """{ "owner": "alice" }""");
        var (late, answer) = await api.SendAsync("PATCH", "services/shop", """{ "owner": "bob" }""", ("If-Match", tag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, late);
        Assert.Contains("read it again", (string)answer["title"]!, StringComparison.Ordinal);
        Assert.Equal("alice", (string)(await api.GetAsync("services/shop"))["owner"]!);

        var now = await api.TagAsync("services/shop");
        var (good, _) = await api.SendAsync("PATCH", "services/shop", """{ "owner": "bob" }""", ("If-Match", now));
        Assert.Equal(HttpStatusCode.OK, good);
        var (there, _) = await api.SendAsync("PUT", "services/shop", Shop, ("If-None-Match", "*"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, there);
        var (missing, _) = await api.SendAsync("PUT", "services/new", Shop, ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, missing);
        var tagged = await api.TagAsync("services/shop");
        var (same, _) = await api.SendAsync("GET", "services/shop", null, ("If-None-Match", tagged));
        Assert.Equal(HttpStatusCode.NotModified, same);
    }

    [Fact]
    public async Task A_transaction_on_what_is_not_there_any_more_is_refused()
    {
        await using var api = await BeginAsync();
        await api.SendAsync("PUT", "services/shop", Shop);
        var stale = await api.TagAsync("?source=the%20API");
        await api.SendAsync("PATCH", "services/shop", """{ "owner": "alice" }""");
        const string patch = """{ "services": { "shop": { "owner": "bob" } } }""";
        var (late, _) = await api.SendAsync("PATCH", "", patch, ("If-Match", stale));
        Assert.Equal(HttpStatusCode.PreconditionFailed, late);
        var (good, _) = await api.SendAsync("PATCH", "", patch, ("If-Match", await api.TagAsync("?source=the%20API")));
        Assert.Equal(HttpStatusCode.OK, good);
        var (whole, _) = await api.SendAsync("PATCH", "", patch, ("If-Match", await api.TagAsync("")));
        Assert.Equal(HttpStatusCode.OK, whole);
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_change_and_changes_nothing()
    {
        await using var api = await BeginAsync();
        var before = Engine.Book;
        var (status, plan) = await api.SendAsync("PUT", "services/shop?dry-run=true", Shop);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("shop", plan["changes"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Same(before, Engine.Book);
    }

    [Fact]
    public async Task Several_objects_come_and_go_in_one_transaction()
    {
        await using var api = await BeginAsync();
        var (made, _) = await api.SendAsync(
            "PATCH",
            "",
            """
            {
              "upstreams": { "pages": { "backends": ["10.0.0.5:80"] } },
              "services": { "shop": { "listen": "tcp://127.0.0.1:8081", "upstream": "pages" } }
            }
            """
        );
        Assert.Equal(HttpStatusCode.Created, made);
        var (alone, _) = await api.SendAsync("PATCH", "", """{ "upstreams": { "pages": null } }""");
        Assert.Equal(HttpStatusCode.Conflict, alone);
        var (gone, _) = await api.SendAsync(
            "PATCH",
            "",
            """{ "upstreams": { "pages": null }, "services": { "shop": null } }"""
        );
        Assert.Equal(HttpStatusCode.OK, gone);
        Assert.Equal(["web"], Engine.State.Inputs.Snapshot.Services.Select(service => service.Name));
    }

    [Fact]
    public async Task Whoever_changes_at_the_same_time_loses_nothing()
    {
        await using var api = await BeginAsync();
        await api.SendAsync("PUT", "upstreams/shop", """{ "backends": ["10.0.0.1:80"] }""");
        var statuses = await Task.WhenAll(
            Enumerable
                .Range(1, 16)
                .Select(i => api.SendAsync("PUT", $"upstreams/shop/backends/10.0.1.{i}:80", """{ "weight": 2 }"""))
        );
        Assert.All(statuses, one => Assert.Equal(HttpStatusCode.OK, one.Status));
        Assert.Equal(17, Engine.State.Inputs.Snapshot.Upstreams.Find("shop")!.Backends.Count);
    }

    [Fact]
    public async Task The_whole_and_what_each_source_brings_can_be_read()
    {
        await using var api = await BeginAsync();
        await api.SendAsync("PUT", "services/shop", Shop);
        Assert.Equal(2, (await api.GetAsync(""))["services"]!.AsObject().Count);
        Assert.Single((await api.GetAsync("?source=the%20API"))["services"]!.AsObject());
        Assert.Single((await api.GetAsync("?source=file%20web.yaml"))["services"]!.AsObject());
        var list = await api.GetAsync("services?limit=1");
        Assert.Equal(
            ("shop", 1, "shop"),
            ((string)list["next"]!, (int)list["more"]!, (string)list["items"]![0]!["name"]!)
        );
        Assert.Equal("the API", (string)list["items"]![0]!["source"]!);
    }

    private async Task<Talk> BeginAsync()
    {
        var server = await StartAsync();
        await ApplyAsync(Web());
        return new(server, Client());
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private sealed class Talk(ApiServer server, HttpClient http) : IAsyncDisposable
    {
        private static string Root(string path) =>
            "http://fulcrum/api/v1/configuration" + (path.Length == 0 || path[0] == '?' ? path : "/" + path);

        public async Task<(HttpStatusCode Status, JsonNode Answer)> SendAsync(
            string method,
            string path,
            string? body = null,
            params (string Name, string Value)[] headers
        )
        {
            using var request = new HttpRequestMessage(new(method), Root(path));
            if (body is not null)
            {
                request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
            }

            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            return (answer.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
        }

        public async Task<JsonNode> GetAsync(string path)
        {
            var (status, answer) = await SendAsync("GET", path);
            Assert.Equal(HttpStatusCode.OK, status);
            return answer;
        }

        public async Task<string> TagAsync(string path)
        {
            using var answer = await http.GetAsync(new Uri(Root(path)));
            return answer.Headers.ETag!.ToString();
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await server.DisposeAsync();
        }
    }
}
