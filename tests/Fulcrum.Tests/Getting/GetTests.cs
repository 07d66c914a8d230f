using System.Text.Json.Nodes;

namespace Fulcrum.Tests.Getting;

public sealed class GetTests
{
    [Fact]
    public async Task All_pages_are_fetched_and_become_one_document()
    {
        var all = Enumerable.Range(0, 25_000).Select(i => $"p{i:00000}").ToList();
        await using var node = await FakeNode.Start(request =>
        {
            var after = (string?)request.Query["after"] ?? "";
            var limit = int.Parse(request.Query["limit"]!, null);
            var rest = all.Where(name => string.CompareOrdinal(name, after) > 0).ToList();
            var page = rest.Take(limit).ToList();
            return FakeNode.Json(
                new JsonObject
                {
                    ["items"] = new JsonArray([.. page.Select(Peer)]),
                    ["next"] = rest.Count > limit ? page[^1] : null,
                    ["more"] = Math.Max(0, rest.Count - limit),
                }.ToJsonString()
            );
        });
        var prompt = new Prompt();
        Assert.Equal(0, await prompt.Type("get", "peers", "-o", "json", "--state", node.State));
        var document = JsonNode.Parse(prompt.Output)!;
        Assert.Equal(all, document["items"]!.AsArray().Select(item => (string?)item!["name"]));
        Assert.Equal(0, (int)document["more"]!);
        Assert.Equal(3, node.Asked.Count);

        prompt = new();
        Assert.Equal(0, await prompt.Type("get", "peers", "--limit", "3", "-o", "name", "--state", node.State));
        Assert.Equal("peer/p00000\npeer/p00001\npeer/p00002\n", prompt.Output);
        Assert.Equal("These are the first 3; 24997 more are left out. --limit N shows more.\n", prompt.Errors);
    }

    [Fact]
    public async Task A_selector_and_a_verdict_are_the_nodes_to_understand()
    {
        await using var node = await SampleNode.Start();
        Assert.Equal(0, await new Prompt().Type("get", "ba", "-l", "rack in (a,b)", "--state", node.State));
        Assert.Equal(0, await new Prompt().Type("get", "ch", "--verdict", "unhealthy", "--state", node.State));
        Assert.Equal(
            [
                "GET /api/v1/backends?select=rack in (a,b)&limit=10000",
                "GET /api/v1/checks?verdict=unhealthy&limit=10000",
            ],
            node.Asked
        );
    }

    [Fact]
    public async Task A_document_comes_as_the_node_has_it()
    {
        const string text = """
            {
              "items": [
                {
                  "name": "tor1",
                  "source": "the API",
                  "labels": {},
                  "address": "2001:db8::1",
                  "as": 1,
                  "local-as": 2,
                  "of-a-later-version": [
                    1.50,
                    "\u00E4"
                  ]
                }
              ],
              "more": 0
            }
            """;
        await using var node = await FakeNode.Start(_ => FakeNode.Json(text));
        var prompt = new Prompt();
        Assert.Equal(0, await prompt.Type("get", "peers", "-o", "json", "--state", node.State));
        Assert.Equal(text + "\n", prompt.Output);

        prompt = new();
        Assert.Equal(0, await prompt.Type("get", "peers", "--state", node.State));
        Assert.Contains("tor1", prompt.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_with_a_slash_is_a_place_of_the_API()
    {
        await using var node = await FakeNode.Start(_ =>
            FakeNode.Refusal(404, "there is no backend 'web/a/b'; did you mean 'web/a/c'?")
        );
        var prompt = new Prompt();
        Assert.Equal(1, await prompt.Type("get", "backend/web/unix:/run/a b", "--state", node.State));
        Assert.Equal("GET /api/v1/backends/web/unix:%2Frun%2Fa%20b", node.Asked.First());
    }

    [Fact]
    public async Task Something_else_than_a_node_is_said_so()
    {
        await using var node = await FakeNode.Start(_ => FakeNode.Json("[]"));
        var prompt = new Prompt();
        Assert.Equal(1, await prompt.Type("get", "peers", "--state", node.State));
        Assert.Contains("something else than this version knows", prompt.Errors, StringComparison.Ordinal);
    }

    private static JsonObject Peer(string name) =>
        new()
        {
            ["name"] = name,
            ["source"] = "the API",
            ["labels"] = new JsonObject(),
            ["address"] = "192.0.2.1",
            ["as"] = 1,
            ["local-as"] = 2,
        };
}
