using System.CommandLine;
using Fulcrum.Commands;
using Fulcrum.Helping;
using Fulcrum.TestKit;

namespace Fulcrum.Tests.Helping;

public sealed class PageTests
{
    private static readonly RootCommand Root = CommandLine.Create();

    public static TheoryData<string> Names => [.. CommandPage.All(Root).Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_command_says_what_it_is_for_and_how_it_is_typed(string name)
    {
        var page = CommandPage.All(Root).Single(page => page.Name == name);
        Assert.EndsWith(".", page.Description, StringComparison.Ordinal);
        Assert.All(page.Arguments.Concat(page.Options), entry => Assert.NotEqual("", entry.Description));
        Assert.Contains(page.Guide.Purpose, GuideTable.Purposes);
        Assert.True(
            page.Guide.Examples.Length > 0 || name.Count(letter => letter == ' ') > 1,
            $"{name} has no example; GuideTable is where it goes"
        );
    }

    [Fact]
    public void Every_example_is_understood()
    {
        foreach (var example in CommandPage.All(Root).SelectMany(page => page.Guide.Examples))
        {
            // What follows is the shell's.
            var line = example.Line.Split(" > ")[0];
            Assert.StartsWith("fulcrum ", line, StringComparison.Ordinal);
            var parsed = Root.Parse(line["fulcrum ".Length..].Replace('\'', '"'));
            Assert.True(parsed.Errors.Count == 0, $"{line}: {string.Join("; ", parsed.Errors)}");
        }
    }

    [Fact]
    public void The_committed_reference_is_that_of_the_commands()
    {
        var file = Repository.PathOf("docs", "command-line.md");
        var page = ReferencePage.Of(Root);
        if (Environment.GetEnvironmentVariable("FULCRUM_UPDATE") == "1")
        {
            File.WriteAllText(file, page);
        }

        Assert.Equal(File.ReadAllText(file), page);
    }

    [Fact]
    public async Task The_manual_names_every_command_and_option()
    {
        var prompt = new Prompt();
        prompt.Variables["SOURCE_DATE_EPOCH"] = "1930003200";
        Assert.Equal(0, await prompt.Type("man"));
        Assert.StartsWith(".TH FULCRUM 1 2031-02-28 \"Fulcrum ", prompt.Output, StringComparison.Ordinal);
        var text = prompt.Output.Replace("\\-", "-", StringComparison.Ordinal);
        foreach (var page in CommandPage.All(Root))
        {
            Assert.Contains($".B {page.Usage}\n", text, StringComparison.Ordinal);
            Assert.All(page.Options, option => Assert.Contains($".B {option.Name}\n", text, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("mandoc", "-Tlint", "-Wwarning")]
    [InlineData("groff", "-ww", "-man", "-z")]
    public async Task Formatters_have_nothing_to_say_against_the_manual(string formatter, params string[] options)
    {
        Require.Tool(formatter);
        using var folder = new TemporaryDirectory();
        var prompt = new Prompt();
        // A date to come would be worth a warning.
        prompt.Variables["SOURCE_DATE_EPOCH"] = "1700000000";
        await prompt.Type("man");
        var page = folder.Write("fulcrum.1", prompt.Output);
        var (code, output, errors) = Tool.Try(formatter, "", [.. options, page]);
        Assert.Equal((0, "", ""), (code, output, errors));
    }

    [Fact]
    public async Task Alone_it_shows_what_there_is()
    {
        var alone = new Prompt { Width = 80 };
        var asked = new Prompt { Width = 80 };
        Assert.Equal(0, await alone.Type());
        Assert.Equal(0, await asked.Type("--help"));
        Assert.Equal(asked.Output, alone.Output);
        Assert.All(
            Root.Subcommands.Where(command => !command.Hidden),
            command => Assert.Contains($"\n  {command.Name} ", alone.Output, StringComparison.Ordinal)
        );
    }
}
