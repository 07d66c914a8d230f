using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests.FirstHour;

/// <summary><c>docs/first-hour.md</c>, as a reader goes through it.</summary>
public sealed class FirstHourTests
{
    /// <summary>What can be asked again without harm, as the page tells its reader to.</summary>
    private static readonly string[] Questions =
    [
        "curl -s",
        "fulcrum explain",
        "fulcrum get",
        "fulcrum status",
        "fulcrum top",
        "fulcrum trace",
        "journalctl",
    ];

    [Fact]
    public async Task The_page_shows_what_there_is()
    {
        var page = Page.Read();
        var wrong = new List<string>();
        await using var machine = await Machine.CreateAsync();
        foreach (var block in page)
        {
            switch (block)
            {
                case FileBlock file:
                    await machine.WriteAsync(file);
                    break;
                case OutputBlock output:
                    await machine.SaysAsync(output);
                    break;
                case CommandBlock { Terminal: "" } command:
                    wrong.AddRange(await WrongAsync(machine, command));
                    break;
                case CommandBlock command:
                    await machine.StartAsync(command);
                    break;
                default:
                    Assert.Fail($"Nobody does what line {block.Line} says.");
                    break;
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("```sh", "ls", "```")]
    [InlineData("```text", "hello", "```")]
    [InlineData("```yaml", "services: {}", "```")]
    [InlineData("```console", "said by nobody", "```")]
    [InlineData("```console", "# ls")]
    public void A_block_that_would_not_be_run_is_an_error(params string[] lines) =>
        Assert.ThrowsAny<Exception>(() => Page.Read(lines));

    [Theory]
    [InlineData("up …s · pid …", "up 3s · pid 17", true)]
    [InlineData("up …s · pid …", "up 3m · pid 17", false)]
    [InlineData("web   0 B  tcp", "web  0 B    tcp", true)]
    [InlineData("web", "web and more", false)]
    [InlineData("one\n…\nfour", "one\ntwo\nthree\nfour", true)]
    [InlineData("one\n…\nfour", "one\nfour", true)]
    [InlineData("one\n…\nfour", "one\ntwo", false)]
    [InlineData("one", "one\ntwo", false)]
    public void What_is_shown_is_compared_with_what_is_said(string shown, string said, bool isSame) =>
        Assert.Equal(isSame, Shown.IsAllOf(shown.Split('\n'), said + '\n'));

    /// <summary>What the command says otherwise than shown: nothing, or one text.</summary>
    private static async Task<IEnumerable<string>> WrongAsync(Machine machine, CommandBlock block)
    {
        var said = await machine.RunAsync(block.Command);
        if (Questions.Any(start => block.Command.StartsWith(start, StringComparison.Ordinal)))
        {
            try
            {
                await Wait.Until(
                    async () =>
                        Shown.IsAllOf(block.Output, said)
                        || Shown.IsAllOf(block.Output, said = await machine.RunAsync(block.Command)),
                    "the answer"
                );
            }
            catch (TimeoutException)
            {
                // What it said last is told below.
            }
        }

        return Shown.IsAllOf(block.Output, said)
            ? []
            :
            [
                $"docs/first-hour.md:{block.Line}: {block.Command}\nshows\n{string.Join('\n', block.Output)}\nbut it said\n{said}",
            ];
    }
}
