using Fulcrum.Configuration;
using Fulcrum.Model;
using Fulcrum.Model.Access;

namespace Fulcrum.Api.Tests.Access;

/// <summary>What people wrote into checks is for those who may change it.</summary>
public sealed class RedactionTests : AccessTest
{
    private const string Secret = "L1TERAL";

    [Theory]
    [InlineData("/api/v1/configuration")]
    [InlineData("/api/v1/configuration/upstreams")]
    [InlineData("/api/v1/configuration/upstreams/web")]
    [InlineData("/api/v1/configuration?source=file%20web.yaml")]
    public async Task What_a_check_says_is_shown_only_to_who_may_change_it(string path)
    {
        var (readers, admins) = (Token("reader", AccessRole.Reader), Token("admin", AccessRole.Admin));
        await using var server = await StartAsync(Open(), Whole());
        using var reader = Client(server, readers);
        var text = await reader.GetStringAsync(new Uri(path, UriKind.Relative));
        Assert.Contains("(hidden)", text, StringComparison.Ordinal);
        Assert.Contains("Authorization", text, StringComparison.Ordinal);
        Assert.Contains("/healthz", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);

        using var admin = Client(server, admins);
        var whole = await admin.GetStringAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(6, whole.Split(Secret).Length - 1);
        Assert.DoesNotContain("(hidden)", whole, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task A_plan_tells_no_more_than_the_configuration(string accept)
    {
        var readers = Token("reader", AccessRole.Reader);
        await using var server = await StartAsync(Open(), Whole());
        using var reader = Client(server, readers);
        reader.DefaultRequestHeaders.Accept.ParseAdd(accept);
        using var body = new StringContent(
            SnapshotWriter.ToJson(Whole()).Replace(Secret, "(hidden)", StringComparison.Ordinal),
            System.Text.Encoding.UTF8,
            "application/json"
        );
        using var answer = await reader.PostAsync(new Uri("/api/v1/plan", UriKind.Relative), body);
        var text = await BodyOf(answer);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("checks", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    private static Snapshot Whole()
    {
        var loaded = SnapshotLoader.Parse(
            $$"""
            upstreams:
              web:
                backends: [127.0.0.1:9]
                checks:
                  - http: { path: /healthz, method: POST, body: {{Secret}}, headers: { Authorization: {{Secret}} } }
                  - tcp: { send: {{Secret}}, expect: ok }
                  - exec: { command: [/bin/true, {{Secret}}], environment: { KEY: {{Secret}} } }
                  - { exec: [/bin/false, {{Secret}}], name: short }
            services:
              web: { listen: tcp://127.0.0.1:8080, upstream: web }
            """,
            "web",
            ConfigurationFormat.Yaml
        );
        Assert.Empty(loaded.Problems);
        return loaded.Snapshot!;
    }
}
