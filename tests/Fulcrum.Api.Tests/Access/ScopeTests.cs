using System.Net;
using System.Text;
using System.Text.Json;
using Fulcrum.Api.Access;
using Fulcrum.Api.Operations;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Events;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Access;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Events;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Api.Tests.Access;

public sealed class ScopeTests : AccessTest
{
    [Theory]
    [InlineData("service", "web", true)]
    [InlineData("services", "web", true)]
    [InlineData("service", "db", false)]
    [InlineData("service", "none", false)]
    [InlineData("upstream", "web-upstream", true)]
    [InlineData("upstream", "db-upstream", false)]
    [InlineData("upstream", "shared", true)]
    [InlineData("upstream", "unused", false)]
    [InlineData("upstream", "unused-web", true)]
    [InlineData("upstream", "routed", true)]
    [InlineData("backend", "web-upstream/10.0.0.1:80", true)]
    [InlineData("backend", "db-upstream/10.0.0.2:80", false)]
    [InlineData("backend", "web-upstream/none", false)]
    [InlineData("backend", "shared/10.0.0.5:80", true)]
    [InlineData("backend", "web-upstream/lent", false)]
    [InlineData("backend", "db-upstream/borrowed", true)]
    [InlineData("check", "web-upstream/10.0.0.1:80/http", true)]
    [InlineData("check", "db-upstream/10.0.0.2:80/http", false)]
    [InlineData("check", "web-upstream/10.0.0.1:80", false)]
    [InlineData("host", "10.0.0.1", true)]
    [InlineData("host", "10.0.0.2", false)]
    [InlineData("host", "10.0.0.9", false)]
    [InlineData("host", "10.9.9.9", false)]
    [InlineData("vip", "web", true)]
    [InlineData("vip", "db", false)]
    [InlineData("announcement", "web", true)]
    [InlineData("announcement", "both", false)]
    [InlineData("announcement", "all", false)]
    [InlineData("override", "service/web", true)]
    [InlineData("override", "service/db", false)]
    [InlineData("override", "host/10.0.0.9", false)]
    [InlineData("override", "node/lb1", false)]
    [InlineData("certificate", "web.pem", true)]
    [InlineData("certificate", "shared.pem", true)]
    [InlineData("certificates", "db.pem", false)]
    [InlineData("certificate", "none.pem", false)]
    [InlineData("node", "lb1", false)]
    [InlineData("plane", "proxy", false)]
    [InlineData("nonsense", "web", false)]
    public void Objects_are_covered_by_their_labels(string kind, string name, bool isCovered)
    {
        var state = State();
        Assert.Equal(isCovered, new Scope(new("token", AccessRole.Operator, OfWeb), state).Covers(kind, name));
        Assert.True(new Scope(new("token", AccessRole.Operator, Selector.Everything), state).Covers(kind, name));
    }

    [Fact]
    public void What_is_not_to_have_a_label_has_none_nearer_or_farther()
    {
        var notDb = new Selector([new("tier", SelectorOperator.NotIn, ["db"])]);
        var scope = new Scope(new("token", AccessRole.Operator, notDb), State());
        Assert.True(scope.Covers("backend", "web-upstream/10.0.0.1:80"));
        Assert.False(scope.Covers("backend", "db-upstream/10.0.0.2:80"));
        Assert.False(scope.Covers("backend", "web-upstream/lent"));
        Assert.True(scope.Covers("upstream", "unused"));
    }

    /// <summary>Of everything that can be asked, nothing names what is another team's.</summary>
    [Fact]
    public async Task Nobody_reads_of_what_is_not_theirs()
    {
        Adapters.Observation = Adapters.Observation with { Certificates = Certificates() };
        await using var server = await StartAsync(Open(), Whole());
        await OverrideAsync("service/db");
        await OverrideAsync("backend/db-upstream/10.0.0.2:80");
        using var http = await ClientOfWebAsync(server);
        var seen = new StringBuilder();
        foreach (
            // The description of the API is the same for all.
            var operation in OperationTable.All.Where(one =>
                one.Method == HttpMethod.Get.Method && !one.IsEndless && one.Id != "get-openapi"
            )
        )
        {
            using var request = OperationRequest.Of(operation);
            using var answer = await http.SendAsync(request);
            var text = await BodyOf(answer);
            Assert.False(text.Contains("db", StringComparison.Ordinal), $"{operation.Id}: {text}");
            Assert.False(text.Contains("10.0.0.2", StringComparison.Ordinal), $"{operation.Id}: {text}");
            seen.Append(text);
        }

        Assert.Contains("web-upstream", seen.ToString(), StringComparison.Ordinal);
        Assert.Contains("10.0.0.1", seen.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A part is not left by leading to what is others', by running programs, or by reading files.</summary>
    [Theory]
    [InlineData(
        """{ "labels": { "tier": "web" }, "listen": "tcp://127.0.0.1:9", "upstream": "web-upstream" }""",
        201,
        ""
    )]
    [InlineData(
        """{ "labels": { "tier": "web" }, "listen": "tcp://127.0.0.1:9", "upstream": "db-upstream" }""",
        403,
        "there is no upstreams/db-upstream among what"
    )]
    [InlineData(
        """{ "labels": { "tier": "db" }, "listen": "tcp://127.0.0.1:9", "upstream": "web-upstream" }""",
        403,
        "there is no services/new among what"
    )]
    [InlineData(
        """{ "labels": { "tier": "web" }, "listen": "tcp://127.0.0.1:9", "backends": "10.0.0.9:80", "checks": [{ "exec": ["/bin/true"] }] }""",
        403,
        "'exec' in services/new makes the node run a program"
    )]
    [InlineData(
        """{ "labels": { "tier": "web" }, "listen": "tcp://127.0.0.1:9", "backends": "10.0.0.9:80", "checks": [{ "radius": { "secret": { "file": "/etc/shadow" } } }] }""",
        403,
        "makes the node run a program or use a file"
    )]
    [InlineData(
        """{ "labels": { "tier": "web" }, "listen": "tcp://127.0.0.1:9", "upstream": "web-upstream", "access-log": { "to": "/etc/cron.d/x" } }""",
        403,
        "'access-log' in services/new"
    )]
    public async Task A_part_is_not_left_by_what_an_object_says(string body, int status, string part)
    {
        var token = Token("web-admin", AccessRole.Admin, OfWeb);
        await using var server = await StartAsync(Open(), Whole());
        using var http = Client(server, token);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync(
            new Uri("/api/v1/configuration/services/new", UriKind.Relative),
            content
        );
        var text = await BodyOf(answer);
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Only_events_of_what_is_theirs_come()
    {
        await using var server = await StartAsync(Open(), Whole());
        using var http = await ClientOfWebAsync(server);
        await OverrideAsync("service/db");
        await OverrideAsync("service/web");
        using var stream = await Follow.BeginAsync(http, "?after=0&types=override");
        Assert.Equal("override/service/web", (string)(await stream.NextAsync()).Data["subject"]!);
    }

    [Theory]
    [InlineData("GET", "/api/v1/explain?subject=service/web", 200, "service/web")]
    [InlineData("GET", "/api/v1/explain?subject=service/db", 403, "there is no service/db among what token web may")]
    [InlineData("GET", "/api/v1/explain?subject=service/none", 403, "there is no service/none among what")]
    [InlineData("GET", "/api/v1/explain?subject=node/lb1", 403, "there is no node/lb1 among what")]
    [InlineData("GET", "/api/v1/trace?protocol=tcp&source=10.9.9.9&destination=127.0.0.1:8080", 200, "web-upstream")]
    [InlineData("GET", "/api/v1/trace?protocol=tcp&source=10.9.9.9&destination=127.0.0.1:5432", 403, "among what")]
    [InlineData("GET", "/api/v1/checks?check=db-upstream", 403, "there is no check 'db-upstream' among what")]
    [InlineData("GET", "/api/v1/checks?check=web-upstream", 200, "web-upstream/10.0.0.1:80/tcp")]
    [InlineData("DELETE", "/api/v1/overrides?target=service/db", 403, "among what")]
    [InlineData("DELETE", "/api/v1/overrides?target=service/web", 404, "there is no override")]
    [InlineData("DELETE", "/api/v1/overrides?target=host/10.0.0.9", 403, "among what")]
    [InlineData("GET", "/api/v1/history", 403, "list-history is about the whole node")]
    public async Task A_part_is_all_there_is(string method, string path, int status, string part)
    {
        await using var server = await StartAsync(Open(), Whole());
        using var http = await ClientOfWebAsync(server);
        using var request = new HttpRequestMessage(new(method), path);
        using var answer = await http.SendAsync(request);
        var text = await BodyOf(answer);
        Assert.True(status == (int)answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decisions_are_about_ones_own_part()
    {
        await using var server = await StartAsync(Open(), Whole());
        using var http = await ClientOfWebAsync(server);
        Assert.Equal(HttpStatusCode.OK, await DrainAsync(http, "backend/web-upstream/10.0.0.1:80"));
        Assert.Equal(HttpStatusCode.OK, await DrainAsync(http, "host/10.0.0.1"));
        Assert.Equal(HttpStatusCode.Forbidden, await DrainAsync(http, "backend/db-upstream/10.0.0.2:80"));
        Assert.Equal(HttpStatusCode.Forbidden, await DrainAsync(http, "host/10.0.0.9"));
        Assert.Equal(HttpStatusCode.Forbidden, await DrainAsync(http, "node/lb1"));
        Assert.Equal(2, Engine.State.Inputs.Overrides.Count);
    }

    [Fact]
    public async Task Events_are_of_ones_own_part()
    {
        await using var server = await StartAsync(Open(), Whole());
        using var http = await ClientOfWebAsync(server);
        using var stream = await Follow.BeginAsync(http, "?after=0&types=service");
        Engine.Events.Add([EventOf("service/db"), EventOf("node/lb1"), EventOf("service/web")]);
        var subjects = new List<string>();
        while (!subjects.Contains("service/web"))
        {
            subjects.Add((string)(await stream.NextAsync()).Data["subject"]!);
        }

        Assert.All(subjects, subject => Assert.StartsWith("service/web", subject, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_status_counts_only_ones_own_checks()
    {
        await using var server = await StartAsync(Open(), Whole());
        using var http = await ClientOfWebAsync(server);
        var status = JsonSerializer.Deserialize(
            await http.GetStringAsync("/api/v1/status"),
            ApiJson.Default.StatusDocument
        )!;
        Assert.Equal("web", Assert.Single(status.Services).Name);
        // 10.0.0.1 and 10.0.0.9; of the four that there are.
        Assert.Equal(2, status.Checks.Unknown);
    }

    [Fact]
    public async Task Certificates_are_those_of_ones_own_services_and_name_no_others()
    {
        Adapters.Observation = Adapters.Observation with { Certificates = Certificates() };
        await using var server = await StartAsync(Open(), Whole());
        using var http = await ClientOfWebAsync(server);
        var list = JsonSerializer.Deserialize(
            await http.GetStringAsync("/api/v1/certificates"),
            ApiJson.Default.ListDocumentCertificateDocument
        )!;
        Assert.Equal(["shared.pem", "web.pem"], list.Items.Select(one => one.Name));
        Assert.All(list.Items, one => Assert.Equal(["web"], one.UsedBy));
        using var other = await http.GetAsync(new Uri("/api/v1/certificates/db.pem", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        var status = JsonSerializer.Deserialize(
            await http.GetStringAsync("/api/v1/status"),
            ApiJson.Default.StatusDocument
        )!;
        Assert.Equal(new(2, 0, 0, 0), status.Certificates);
        Assert.Empty(status.Troubles);
    }

    private static NodeEvent EventOf(string subject)
    {
        Assert.True(Subject.TryParse(subject, out var parsed));
        return new(EventKind.Service, parsed, null, "healthy", "");
    }

    private async Task<HttpClient> ClientOfWebAsync(ApiServer server)
    {
        var http = Client(server, Token("web", AccessRole.Operator, OfWeb));
        await FollowedAsync(http);
        return http;
    }

    // A second, and the token counts.
    private async Task FollowedAsync(HttpClient http) =>
        await TestKit.Wait.Until(
            async () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                using var answer = await http.GetAsync("/api/v1/status");
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "the new token to be read"
        );

    private static async Task<HttpStatusCode> DrainAsync(HttpClient http, string target)
    {
        using var body = new StringContent(
            """{ "action": "drain", "owner": "web" }""",
            Encoding.UTF8,
            "application/json"
        );
        using var answer = await http.PutAsync($"/api/v1/overrides?target={target}", body);
        return answer.StatusCode;
    }

    private async Task OverrideAsync(string target)
    {
        Assert.True(OverrideTarget.TryParse(target, out var parsed));
        Assert.Null(
            await Engine.OverrideAsync(
                new()
                {
                    Target = parsed,
                    Action = OverrideAction.Drain,
                    Owner = "of-db",
                    Since = TimeProvider.System.GetUtcNow(),
                },
                CancellationToken.None
            )
        );
    }

    // With checks, and nothing that the plane would not take.
    private static Model.Snapshot Whole()
    {
        var parts = Parts();
        var checks = new Policy { Checks = [new Check { Probe = new TcpProbe() }] };
        return parts with
        {
            Upstreams = Named<Upstream>.From(parts.Upstreams.Select(upstream => upstream with { Policy = checks })),
        };
    }

    private static DerivedState State()
    {
        var parts = Parts();
        var own = Labels.From([KeyValuePair.Create("tier", "db")]);
        var web = Labels.From([KeyValuePair.Create("tier", "web")]);
        var snapshot = parts with
        {
            Upstreams = Named<Upstream>.From([
                UpstreamOf(
                    "web-upstream",
                    BackendOf("10.0.0.1"),
                    BackendOf("10.0.0.9"),
                    BackendOf("10.0.0.3") with
                    {
                        Name = "lent",
                        Labels = own,
                    }
                ),
                UpstreamOf(
                    "db-upstream",
                    BackendOf("10.0.0.2"),
                    BackendOf("10.0.0.9"),
                    BackendOf("10.0.0.4") with
                    {
                        Name = "borrowed",
                        Labels = web,
                    }
                ),
                UpstreamOf("shared", BackendOf("10.0.0.5")),
                UpstreamOf("unused", BackendOf("10.0.0.6")),
                UpstreamOf("unused-web", BackendOf("10.0.0.7")) with
                {
                    Labels = web,
                },
                UpstreamOf("routed", BackendOf("10.0.0.8")),
            ]),
            Services = Named<Service>.From([
                .. parts.Services,
                ServiceOf("web", 8081) with
                {
                    Name = "web2",
                    Upstream = "shared",
                },
                ServiceOf("db", 8082) with
                {
                    Name = "db2",
                    Upstream = "shared",
                },
                ServiceOf("web", 8083) with
                {
                    Name = "web3",
                    Upstream = null,
                    Routes = [new() { Action = new Model.Routing.Goto("list") }],
                },
            ]),
            RouteLists = Named<Model.Routing.RouteList>.From([
                new()
                {
                    Name = "list",
                    Routes =
                    [
                        new() { Action = new Model.Routing.Goto("list") },
                        new() { Action = new Model.Routing.ToUpstream("routed") },
                    ],
                },
            ]),
            Vips = Named<Vip>.From([new() { Name = "web", Labels = web }, new() { Name = "db", Labels = own }]),
            Announcements = Named<Announcement>.From([
                AnnouncementOf("web", "web"),
                AnnouncementOf("both", "web", "db"),
                AnnouncementOf("all"),
            ]),
        };
        var inputs = EngineInputs.Nothing with { Certificates = Certificates() };
        var state = Deriver.Derive(inputs, DerivedState.Initial, DateTimeOffset.UnixEpoch).Next;
        return state with { Inputs = EngineInputs.Nothing with { Snapshot = snapshot } };
    }

    // Of each team one, and one of both.
    private static Items<ObservedCertificate> Certificates()
    {
        var end = TimeProvider.System.GetUtcNow().AddDays(60);
        return
        [
            ShownCertificate.Until(end, "web.pem", services: "web"),
            ShownCertificate.Until(end, "db.pem", services: "db") with
            {
                Problem = "the key of db is not its own",
            },
            ShownCertificate.Until(end, "shared.pem", services: ["db", "web"]),
        ];
    }

    private static Announcement AnnouncementOf(string name, params string[] vips) =>
        new()
        {
            Name = name,
            Select = new() { Vip = Items.From(vips) },
            Spec = new NeighborAnnouncement(),
        };
}
