using System.Globalization;

namespace Fulcrum.Tests.Completing;

public sealed class CompleterTests
{
    [Theory]
    [InlineData("sta", "status")]
    [InlineData("comp", "completion")]
    [InlineData("get ba", "backends")]
    [InlineData("get vips e", "edge")]
    [InlineData("get ba web/10.0.13.1", "web/10.0.13.1:8080")]
    [InlineData("get -o wide service sh", "shop")]
    [InlineData("get service/sh", "service/shop")]
    [InlineData("get services --sel", "--select")]
    [InlineData("get services -o ", "json|name|table|wide|yaml")]
    [InlineData("get services --output=j", "--output=json")]
    [InlineData("get checks --verdict un", "unhealthy|unknown")]
    [InlineData("status --col", "--color")]
    [InlineData("status --color a", "always|auto")]
    [InlineData("top ", "backends|services")]
    [InlineData("explain v", "vip/")]
    [InlineData("explain vip/d", "vip/dns")]
    [InlineData("explain ce", "certificate/")]
    [InlineData("get cert", "certificates")]
    [InlineData("get certificates /etc/fulcrum/sh", "/etc/fulcrum/shop.pem")]
    [InlineData("explain certificate//etc/fulcrum/o", "certificate//etc/fulcrum/old.pem")]
    [InlineData("drain v", "")]
    [InlineData("drain host/10.0.14", "host/10.0.14.1")]
    [InlineData("drain backend/mail", "backend/mail/10.0.14.1:25")]
    [InlineData("trace ", "tcp|udp|unix")]
    [InlineData("trace tcp ", "")]
    [InlineData("validate ", ":file")]
    [InlineData("run x.yaml --state ", ":dir")]
    [InlineData("completion ", "bash|fish|zsh")]
    [InlineData("nonsense ", "")]
    [InlineData("get nonsense ", "")]
    public async Task What_could_be_typed(string line, string candidates)
    {
        await using var node = await SampleNode.Start();
        var words = line.Split(' ');
        string[] all = words is ["get" or "explain" or "drain", .. var rest]
            ? [words[0], "--state", node.State, .. rest]
            : words;
        var prompt = new Prompt();
        Assert.Equal(0, await prompt.Type(["complete", "--within", "30s", "--", .. all]));
        Assert.Equal("", prompt.Errors);
        Assert.Equal(candidates, string.Join('|', Values(prompt.Output)));
    }

    [Theory]
    [InlineData("get --api {0} --token-file {1} vips ")]
    [InlineData("get --api={0} --token-file={1} vips ")]
    public async Task Names_are_those_of_the_node_that_was_typed(string line)
    {
        using var folder = new TestKit.TemporaryDirectory();
        var token = folder.Write("token", "secret\n");
        string? shown = null;
        await using var node = await FakeNode.Start(
            request =>
            {
                shown = request.Headers.Authorization;
                return FakeNode.Json("""{ "items": [], "more": 0 }""");
            },
            isOnTcp: true
        );
        var words = string.Format(CultureInfo.InvariantCulture, line, node.Url, token).Split(' ');
        var prompt = new Prompt();
        Assert.Equal(0, await prompt.Type(["complete", "--within", "30s", "--", .. words]));
        Assert.Equal(("", ""), (prompt.Output, prompt.Errors));
        Assert.Equal("Bearer secret", shown);
        Assert.Single(node.Asked);
    }

    [Fact]
    public async Task Without_a_node_there_are_no_names_and_no_words_about_it()
    {
        var prompt = new Prompt();
        Assert.Equal(0, await prompt.Type("complete", "--", "get", "--state", "/nonexistent", "backends", ""));
        Assert.Equal(("", ""), (prompt.Output, prompt.Errors));
    }

    [Fact]
    public async Task A_node_that_is_slow_is_not_waited_for()
    {
        var never = new TaskCompletionSource();
        await using var node = await FakeNode.Start(_ => new Silent(never.Task));
        var prompt = new Prompt();
        Assert.Equal(0, await prompt.Type("complete", "--", "get", "--state", node.State, "backends", ""));
        Assert.Equal(("", ""), (prompt.Output, prompt.Errors));
        never.SetResult();
    }

    private static IEnumerable<string> Values(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]);

    private sealed class Silent(Task until) : Microsoft.AspNetCore.Http.IResult
    {
        public Task ExecuteAsync(Microsoft.AspNetCore.Http.HttpContext httpContext) => until;
    }
}
