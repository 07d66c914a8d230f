using System.Net;
using System.Text;
using System.Text.Json;
using Fulcrum.Api.Changes;
using Fulcrum.Api.Status;
using Fulcrum.Configuration;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Api.Tests;

public sealed class ApiServerTests : ApiTest
{
    [Fact]
    public async Task The_status_tells_services_backends_and_counters()
    {
        await using var server = await StartAsync();
        await ApplyAsync(Web());
        using var http = Client();
        var text = await http.GetStringAsync(new Uri("http://fulcrum/api/v1/status"));
        var status = JsonSerializer.Deserialize(text, ApiJson.Default.StatusDocument)!;
        Assert.Equal(("lb1", "1.2.3", "web.yaml", 1L), (status.Node, status.Version, status.Source, status.Generation));
        var web = Assert.Single(status.Services);
        Assert.True(web.Healthy);
        Assert.Equal(["tcp://127.0.0.1:8080"], web.Listen);
        Assert.Equal(7, web.Counters.Total);
        var backend = Assert.Single(web.Backends);
        Assert.Equal(
            ("10.0.0.1:80", "serve", "healthy", 3L),
            (backend.Id, backend.Duty, backend.Health, backend.Counters.Active)
        );
        Assert.Contains("\"bytes-in\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_without_a_backend_that_serves_is_not_healthy()
    {
        await using var server = await StartAsync();
        var web = Web();
        var off = web.Upstreams[0].Backends[0] with { Status = BackendStatus.Disabled };
        await ApplyAsync(web with { Upstreams = web.Upstreams.With(web.Upstreams[0] with { Backends = [off] }) });
        using var http = Client();
        var text = await http.GetStringAsync(new Uri("http://fulcrum/api/v1/status"));
        var service = JsonSerializer.Deserialize(text, ApiJson.Default.StatusDocument)!.Services[0];
        Assert.False(service.Healthy);
        Assert.Equal(("drain", "disabled"), (service.Backends[0].Duty, service.Backends[0].Reason));
    }

    [Fact]
    public async Task The_socket_belongs_to_its_owner_alone()
    {
        await using var server = await StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket));
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        await using var server = await StartAsync();
        using var http = Client();
        using var answer = await http.GetAsync(new Uri("http://fulcrum/api/v1/nothing"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/explain?subject=backend/web/10.0.0.1:80", 200, "backend/web/10.0.0.1:80")]
    [InlineData("GET", "/api/v1/explain?subject=service/wep", 404, "did you mean 'service/web'?")]
    [InlineData("GET", "/api/v1/explain?subject=web", 400, "'web' is no KIND/NAME")]
    [InlineData("GET", "/api/v1/explain", 400, "'subject' is missing")]
    [InlineData("GET", "/api/v1/trace?protocol=tcp&source=10.9.9.9&destination=127.0.0.1:8080", 200, "\"backend\"")]
    [InlineData("GET", "/api/v1/trace?protocol=tcp&source=10.9.9.9&destination=127.0.0.1:81", 200, "no-listener")]
    [InlineData(
        "GET",
        "/api/v1/trace?protocol=sctp&source=10.9.9.9&destination=127.0.0.1:81",
        400,
        "not tcp, udp or unix"
    )]
    [InlineData(
        "GET",
        "/api/v1/trace?protocol=tcp&source=me&destination=127.0.0.1:81",
        400,
        "source 'me' is no address"
    )]
    [InlineData("GET", "/api/v1/checks?verdict=ill", 400, "verdict 'ill' is not healthy, unhealthy or unknown")]
    [InlineData("GET", "/api/v1/checks?limit=0", 400, "limit '0' is not a number from 1 to 10000")]
    [InlineData("GET", "/api/v1/checks?limit=10001", 400, "limit '10001' is not a number")]
    [InlineData("GET", "/api/v1/checks?check=web&check=api", 400, "'check' is there more than once")]
    [InlineData("GET", "/api/v1/checks?check=web", 404, "there is no check 'web'")]
    [InlineData("GET", "/api/v1/checks/transitions?after=-1", 400, "after '-1' is not a number from 0 on")]
    [InlineData("GET", "/api/v1/checks?chek=web", 400, "knows no 'chek' in the query; did you mean 'check'?")]
    [InlineData("GET", "/api/v1/status?verbose=1", 400, "knows no 'verbose' in the query")]
    [InlineData("GET", "/api/v1/stat", 404, "there is nothing at /api/v1/stat")]
    [InlineData("POST", "/api/v1/status", 405, "POST is not for /api/v1/status; it knows GET")]
    [InlineData("POST", "/api/v1/confirm", 409, "no change waits")]
    [InlineData("POST", "/api/v1/rollback?number=7&by=test", 404, "there is no configuration 7")]
    [InlineData("POST", "/api/v1/rollback?number=x&by=test", 400, "number 'x' is not a number from 1")]
    [InlineData("POST", "/api/v1/apply?source=a.yaml&by=test", 400, "the body is empty")]
    [InlineData("POST", "/api/v1/apply?source=a.yaml&by=test&confirm=soon", 400, "confirm 'soon' is not a duration")]
    [InlineData("DELETE", "/api/v1/overrides?target=backend/web/10.0.0.1:80", 404, "there is no override")]
    [InlineData("DELETE", "/api/v1/overrides?target=web", 400, "'web' is no target")]
    public async Task Questions_and_orders_are_answered_precisely(string method, string path, int status, string part)
    {
        await using var server = await StartAsync();
        await ApplyAsync(Web());
        using var http = Client();
        using var request = new HttpRequestMessage(new(method), new Uri("http://fulcrum" + path));
        using var answer = await http.SendAsync(request);
        // Read with curl: quotes are quotes, and the prompt of the shell stands on a line of its own.
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        var media = answer.Content.Headers.ContentType!.MediaType;
        Assert.Equal(status < 300 ? "application/json" : "application/problem+json", media);
    }

    [Fact]
    public async Task An_override_is_in_force_when_it_is_answered_and_gone_when_it_is_cleared()
    {
        await using var server = await StartAsync();
        await ApplyAsync(Web());
        using var http = Client();
        var drained = await PutAsync(http, """{ "action": "drain", "owner": "alice", "reason": "disk" }""");
        Assert.Equal(HttpStatusCode.OK, drained);
        Assert.Equal("drain", (await StatusAsync(http)).Services[0].Backends[0].Duty);
        Assert.Equal("alice", Assert.Single((await StatusAsync(http)).Overrides).Owner);
        Assert.Single(Journal.Entries);
        using var cleared = await http.DeleteAsync(new Uri(OverridePath));
        Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        Assert.Equal("serve", (await StatusAsync(http)).Services[0].Backends[0].Duty);
        Assert.Empty(Journal.Entries);
    }

    [Theory]
    [InlineData("""{ "action": "drain" }""", 400)]
    [InlineData("""{ "action": "drain", "owner": "a", "why": "x" }""", 400)]
    [InlineData("""{ "action": "smash", "owner": "a" }""", 400)]
    [InlineData("""{ "action": "weight", "owner": "a" }""", 422)]
    [InlineData("""{ "action": "weight", "weight": -1, "owner": "a" }""", 422)]
    [InlineData("""{ "action": "drain", "owner": "a", "expires": "2001-01-01T00:00:00Z" }""", 422)]
    [InlineData("null", 400)]
    [InlineData("", 400)]
    public async Task An_override_that_makes_no_sense_changes_nothing(string body, int status)
    {
        await using var server = await StartAsync();
        await ApplyAsync(Web());
        using var http = Client();
        Assert.Equal(status, (int)await PutAsync(http, body));
        Assert.Empty((await StatusAsync(http)).Overrides);
    }

    [Fact]
    public async Task A_configuration_is_planned_applied_and_confirmed()
    {
        await using var server = await StartAsync();
        await ApplyAsync(Web());
        var next = Web();
        next = next with
        {
            Upstreams = next.Upstreams.With(
                next.Upstreams[0] with
                {
                    Backends = [next.Upstreams[0].Backends[0] with { Weight = 5 }],
                }
            ),
        };
        using var http = Client();
        using var body = new StringContent(SnapshotWriter.ToJson(next));
        using var planned = await http.PostAsync(new Uri("http://fulcrum/api/v1/plan"), body);
        var plan = JsonSerializer.Deserialize(await planned.Content.ReadAsStringAsync(), ApiJson.Default.PlanDocument)!;
        Assert.Equal(("changed", "backends", "web/10.0.0.1:80"), Named(Assert.Single(plan.Changes)));
        Assert.Equal(1, (await StatusAsync(http)).Services[0].Backends[0].Weight);

        using var again = new StringContent(SnapshotWriter.ToJson(next));
        using var applied = await http.PostAsync(
            new Uri("http://fulcrum/api/v1/apply?source=other.yaml&by=alice&confirm=60s"),
            again
        );
        var result = JsonSerializer.Deserialize(
            await applied.Content.ReadAsStringAsync(),
            ApiJson.Default.ApplyDocument
        )!;
        Assert.NotNull(result.ConfirmBy);
        Assert.Contains(result.Notes, note => note.Contains("reads that again", StringComparison.Ordinal));
        var status = await StatusAsync(http);
        Assert.Equal((5, result.ConfirmBy), (status.Services[0].Backends[0].Weight, status.ConfirmBy));
        using var confirmed = await http.PostAsync(new Uri("http://fulcrum/api/v1/confirm"), null);
        Assert.Equal(HttpStatusCode.NoContent, confirmed.StatusCode);
        Assert.Null((await StatusAsync(http)).ConfirmBy);
    }

    private const string OverridePath = "http://fulcrum/api/v1/overrides?target=backend/web/10.0.0.1:80";

    private static (string, string, string) Named(PlannedChangeDocument change) =>
        (change.Kind, change.Object, change.Name);

    private static async Task<HttpStatusCode> PutAsync(HttpClient http, string order)
    {
        using var body = new StringContent(order, Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync(new Uri(OverridePath), body);
        return answer.StatusCode;
    }

    private static async Task<StatusDocument> StatusAsync(HttpClient http) =>
        JsonSerializer.Deserialize(
            await http.GetStringAsync(new Uri("http://fulcrum/api/v1/status")),
            ApiJson.Default.StatusDocument
        )!;
}
