using System.Text.Json;
using Fulcrum.Api.Checks;
using Fulcrum.Api.Lists;
using Fulcrum.Configuration;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Checks;

namespace Fulcrum.Api.Tests;

public sealed class CheckEndpointTests : ApiTest
{
    private static readonly DateTimeOffset At = new(2031, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_check_is_told_with_its_verdict_its_last_results_and_what_it_does_now()
    {
        await using var server = await StartAsync();
        Adapters.Report = Report;
        await ApplyAsync(Sites());
        using var http = Client();
        var text = await http.GetStringAsync(new Uri("http://fulcrum/api/v1/checks?check=web/one/http"));
        var document = JsonSerializer.Deserialize(text, ApiJson.Default.ListDocumentCheckDocument)!;
        var check = Assert.Single(document.Items);
        Assert.Equal(["web/one/http"], check.Checks);
        Assert.Equal(("http", "10.0.0.1:80", "direct"), (check.Kind, check.Target, check.Via));
        Assert.Equal(("unhealthy", At, "status 503"), (check.Verdict, check.Since, check.Reason));
        Assert.Equal((3, 20L, 2L, true), (check.InARow, check.Results, check.Transitions, check.Flapping));
        Assert.Equal(("waiting", 1500.0, "soon"), (check.Activity, check.NextInMs, check.Warning));
        Assert.Equal(["bad", "good", "unclear"], check.Recent.Select(result => result.Result));
        Assert.Equal((0.25, null, 3.0), (check.Recent[0].ConnectMs, check.Recent[0].TlsMs, check.Recent[0].AnswerMs));
        Assert.Contains("\"next-in-ms\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "",
        "api/one/tcp web/one/tcp|db/10.0.0.3:5432/icmp|web/one/http|web/one/http/81|web/two/http|web/two/http/81|web/two/tcp"
    )]
    [InlineData("?check=web/two", "web/two/http|web/two/http/81|web/two/tcp")]
    [InlineData("?check=web/one/http", "web/one/http")]
    [InlineData("?check=web/one/tcp", "web/one/tcp api/one/tcp")]
    [InlineData("?check=api", "api/one/tcp web/one/tcp")]
    [InlineData("?verdict=unhealthy", "web/one/http")]
    [InlineData("?check=web/two&verdict=unhealthy", "")]
    public async Task Checks_are_asked_for_by_name_by_what_they_belong_to_or_by_verdict(string query, string rows)
    {
        await using var server = await StartAsync();
        Adapters.Report = Report;
        await ApplyAsync(Sites());
        Assert.Equal(
            rows,
            string.Join('|', (await ChecksAsync(query)).Items.Select(one => string.Join(' ', one.Checks)))
        );
    }

    [Theory]
    [InlineData("?limit=2", 2, 5)]
    [InlineData("?limit=7", 7, 0)]
    [InlineData("?limit=2&check=web/two", 2, 1)]
    public async Task What_is_left_out_is_counted(string query, int told, int more)
    {
        await using var server = await StartAsync();
        await ApplyAsync(Sites());
        var document = await ChecksAsync(query);
        Assert.Equal((told, more), (document.Items.Count, document.More));
    }

    [Theory]
    [InlineData("web/on", "there is no check 'web/on'")]
    [InlineData("web/one/htp", "did you mean 'web/one/http'?")]
    [InlineData("web/lost/http", "check/web/lost/http is not asked; 'fulcrum explain check/web/lost/http' says why")]
    public async Task One_that_is_not_asked_is_not_found(string name, string why)
    {
        await using var server = await StartAsync();
        await ApplyAsync(Sites());
        using var http = Client();
        using var answer = await http.GetAsync(new Uri($"http://fulcrum/api/v1/checks?check={name}"));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        var problem = JsonSerializer.Deserialize(
            await answer.Content.ReadAsStringAsync(),
            ApiJson.Default.ProblemDocument
        )!;
        Assert.Contains(why, problem.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "3 4", 2)]
    [InlineData("?after=2", "3 4", 0)]
    [InlineData("?after=3", "4", 0)]
    [InlineData("?after=9", "", 0)]
    public async Task Changes_are_told_as_far_back_as_they_are_kept(string query, string sequences, long missed)
    {
        await using var server = await StartAsync();
        await ApplyAsync(Sites());
        var http81 = Adapters.Tasks.Single(task =>
            task.Port == 81 && task.Target.StartsWith("10.0.0.1", StringComparison.Ordinal)
        );
        Adapters.Transitions.Add(new(3, At, http81, Verdict.Unknown, Verdict.Healthy, "status 200", false, false));
        Adapters.Transitions.Add(
            new(4, At, http81 with { Port = 9 }, Verdict.Healthy, Verdict.Unhealthy, "refused", false, true)
        );
        using var http = Client();
        var document = JsonSerializer.Deserialize(
            await http.GetStringAsync(new Uri($"http://fulcrum/api/v1/checks/transitions{query}")),
            ApiJson.Default.TransitionsDocument
        )!;
        Assert.Equal(sequences, string.Join(' ', document.Transitions.Select(one => one.Sequence)));
        Assert.Equal((missed, 4L), (document.Missed, document.Newest));
        if (missed > 0)
        {
            Assert.Equal(["web/one/http/81"], document.Transitions[0].Checks);
            Assert.Empty(document.Transitions[1].Checks);
            Assert.Equal(("healthy", "unhealthy", true), Told(document.Transitions[1]));
        }
    }

    private static (string From, string To, bool Flapping) Told(TransitionDocument one) =>
        (one.From, one.To, one.Flapping);

    private async Task<ListDocument<CheckDocument>> ChecksAsync(string query)
    {
        using var http = Client();
        var text = await http.GetStringAsync(new Uri($"http://fulcrum/api/v1/checks{query}"));
        return JsonSerializer.Deserialize(text, ApiJson.Default.ListDocumentCheckDocument)!;
    }

    private static CheckReport Report(ProbeTask task) =>
        new()
        {
            Task = task,
            Health = task is { Probe: HttpProbe, Target: "10.0.0.1:80" }
                ? new(Verdict.Unhealthy, At, "status 503", null)
                : new(Verdict.Healthy, At, "fine", TimeSpan.FromMilliseconds(1)),
            Activity = CheckActivity.Waiting,
            NextIn = TimeSpan.FromSeconds(1.5),
            InARow = 3,
            Results = 20,
            Transitions = 2,
            IsFlapping = true,
            Warning = "soon",
            Recent =
            [
                new(At, false, "status 503", TimeSpan.FromMilliseconds(0.25), null, TimeSpan.FromMilliseconds(3)),
                new(At, true, "status 200", null, null, null),
                new(At, null, "looked too late", null, null, null),
            ],
        };

    private static Snapshot Sites()
    {
        const string yaml = """
            upstreams:
              web:
                backends: [{ address: 10.0.0.1:80, name: one }, { address: 10.0.0.2:80, name: two }, { address: no.example:80, name: lost }]
                checks: [{ http: /healthz }, { http: /healthz, port: 81 }, { tcp: {} }]
              api: { backends: [{ address: 10.0.0.1:80, name: one }], checks: [{ tcp: {} }] }
              db: { backends: [10.0.0.3:5432], checks: icmp }
            services:
              web: { listen: tcp://127.0.0.1:80, upstream: web }
              api: { listen: tcp://127.0.0.1:81, upstream: api }
              db: { listen: tcp://127.0.0.1:82, upstream: db }
            """;
        var loaded = SnapshotLoader.Parse(yaml, "sites.yaml", ConfigurationFormat.Yaml);
        Assert.Empty(loaded.Problems);
        return loaded.Snapshot!;
    }
}
