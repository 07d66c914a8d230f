using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fulcrum.Api.Access.Audit;
using Fulcrum.Model.Access;
using Fulcrum.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Api.Tests.Access;

public sealed class AuditTests : AccessTest
{
    private const string Target = "backend/web-upstream/10.0.0.1:80";

    [Fact]
    public async Task Changes_are_told_with_what_was_and_what_is()
    {
        var alice = Token("alice", AccessRole.Operator);
        await using (var server = await StartAsync(Open()))
        {
            using var http = Client(server, alice);
            Assert.Equal(HttpStatusCode.OK, await PutAsync(http, """{ "action": "drain", "owner": "al" }"""));
            Assert.Equal(
                HttpStatusCode.OK,
                await PutAsync(http, """{ "action": "weight", "weight": 3, "owner": "al" }""")
            );
            using var cleared = await http.DeleteAsync($"/api/v1/overrides?target={Target}");
            using var refused = await http.PostAsync("/api/v1/confirm", null);
            using var read = await http.GetAsync("/api/v1/status");
            using var planned = await http.PostAsync("/api/v1/plan", null);
            using var root = Client();
            using var confirmed = await root.PostAsync(new Uri("http://fulcrum/api/v1/confirm"), null);
        }

        var entries = Entries();
        Assert.Equal(
            [
                $"token alice|operator|127.0.0.1|set-override|{Target}|as configured|drain by al|200|",
                $"token alice|operator|127.0.0.1|set-override|{Target}|drain by al|weight 3 by al|200|",
                $"token alice|operator|127.0.0.1|clear-override|{Target}|weight 3 by al|as configured|204|",
                "token alice|operator|127.0.0.1|confirm||||403|",
                $"root|admin|local process {Environment.ProcessId}|confirm||nothing waits|stays|409|",
            ],
            entries.Select(Line).Select(line => line.Replace(Environment.UserName, "root", StringComparison.Ordinal))
        );
        Assert.All(
            entries,
            entry => Assert.Equal(Time.GetUtcNow().Date, ((DateTimeOffset)entry["at"]!).UtcDateTime.Date)
        );
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Audit));
        Assert.DoesNotContain(alice, await File.ReadAllTextAsync(Audit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_is_told_by_its_size()
    {
        var alice = Token("alice", AccessRole.Admin);
        await using (var server = await StartAsync(Open()))
        {
            using var http = Client(server, alice);
            var snapshot = Engine.State.Inputs.Snapshot;
            var text = Configuration.SnapshotWriter.ToJson(snapshot with { Group = "edge" });
            using var body = new StringContent(
                text.Replace(":0\"", ":7400\"", StringComparison.Ordinal),
                Encoding.UTF8,
                "application/json"
            );
            using var answer = await http.PostAsync("/api/v1/apply?source=new.yaml&by=al", body);
            Assert.True(answer.IsSuccessStatusCode, await BodyOf(answer));
        }

        var entry = Assert.Single(Entries());
        Assert.Equal(
            "token alice|admin|127.0.0.1|apply|new.yaml|generation 1|generation 1, 2 changes by al|200|",
            Line(entry)
        );
    }

    [Fact]
    public async Task Strangers_do_not_push_out_what_is_worth_keeping()
    {
        var alice = Token("alice", AccessRole.Operator);
        await using (var server = await StartAsync(Open()))
        {
            using var stranger = Client(server);
            for (var i = 0; i < 100; i++)
            {
                using var answer = await stranger.DeleteAsync($"/api/v1/overrides?target={Target}");
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            }

            using var http = Client(server, alice);
            using var known = await http.DeleteAsync($"/api/v1/overrides?target={Target}");
        }

        var entries = Entries();
        Assert.Equal(61, entries.Count);
        Assert.All(entries.Take(60), entry => Assert.Equal("anonymous", (string?)entry["who"]));
        Assert.Equal(("token alice", 40), ((string?)entries[^1]["who"], (int?)entries[^1]["missing"]));
    }

    [Fact]
    public async Task The_file_is_bounded()
    {
        await using (var file = new AuditFile(Audit, Time, NullLogger.Instance, longest: 1000))
        {
            for (var i = 0; i < 200; i++)
            {
                file.Add(Entry(i));
            }
        }

        var files = Directory
            .GetFiles(Path.GetDirectoryName(Audit)!, "audit.log*")
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.Equal(
            ["audit.log", "audit.log.1", "audit.log.2", "audit.log.3", "audit.log.4"],
            files.Select(Path.GetFileName)
        );
        Assert.All(files, path => Assert.InRange(new FileInfo(path).Length, 1, 1200));
        // The newest are there, in order, none twice.
        var numbers = files
            .AsEnumerable()
            .Reverse()
            .SelectMany(File.ReadLines)
            .Select(line => (int)JsonNode.Parse(line)!["status"]!)
            .ToList();
        Assert.Equal(Enumerable.Range(200 - numbers.Count, numbers.Count), numbers);
    }

    [Fact]
    public async Task What_cannot_be_written_is_counted()
    {
        Directory.CreateDirectory(Audit);
        await using (var file = new AuditFile(Audit, Time, NullLogger.Instance))
        {
            file.Add(Entry(1));
            await Wait.Until(() => file.Missing == 1, "the entry to be given up");
            Directory.Delete(Audit);
            file.Add(Entry(2));
        }

        var entry = Assert.Single(Entries());
        Assert.Equal((2, 1), ((int)entry["status"]!, (int)entry["missing"]!));
    }

    private static AuditEntry Entry(int status) =>
        new()
        {
            At = DateTimeOffset.UnixEpoch,
            Who = "alice",
            From = "192.0.2.1",
            Operation = "drain",
            Status = status,
        };

    private List<JsonNode> Entries() => [.. File.ReadAllLines(Audit).Select(line => JsonNode.Parse(line)!)];

    private static string Line(JsonNode entry) =>
        string.Join(
            '|',
            new[] { "who", "role", "from", "operation", "target", "before", "after", "status", "missing" }.Select(key =>
                entry[key]?.ToString()
            )
        );

    private static async Task<HttpStatusCode> PutAsync(HttpClient http, string order)
    {
        using var body = new StringContent(order, Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync($"/api/v1/overrides?target={Target}", body);
        return answer.StatusCode;
    }
}
