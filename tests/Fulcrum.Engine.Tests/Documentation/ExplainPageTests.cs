using Fulcrum.TestKit;

namespace Fulcrum.Engine.Tests.Documentation;

/// <summary>
/// Every situation of docs/explain.md is played, and every answer on the page is what the engine answers.
/// <c>FULCRUM_UPDATE=1</c> writes the answers into the page instead.
/// </summary>
public sealed class ExplainPageTests
{
    private const int Situations = 10;
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "explain.md");

    [Fact]
    public void Every_answer_on_the_page_is_what_the_engine_answers()
    {
        var text = File.ReadAllText(Page);
        var (played, count) = Play(text);
        if (Environment.GetEnvironmentVariable("FULCRUM_UPDATE") == "1")
        {
            File.WriteAllText(Page, played);
        }

        Assert.Equal(Situations, count);
        Assert.Equal(text, played);
    }

    // A page is prose, and fenced blocks: yaml is a configuration, text is what happens, console is a question with its
    // answer.
    private static (string Played, int Count) Play(string page)
    {
        var lines = new List<string>();
        Situation? situation = null;
        var block = new List<string>();
        var (kind, count) = ("", 0);
        foreach (var line in page.Split('\n'))
        {
            if (kind.Length == 0)
            {
                lines.Add(line);
                kind = line.StartsWith("```", StringComparison.Ordinal) ? line[3..] : "";
                block.Clear();
                continue;
            }

            if (line != "```")
            {
                block.Add(line);
                continue;
            }

            if (kind == "console")
            {
                lines.Add(block[0]);
                lines.AddRange(situation!.Ask(block[0][2..]).TrimEnd('\n').Split('\n'));
            }
            else
            {
                lines.AddRange(block);
                if (kind == "yaml")
                {
                    situation = new(string.Join('\n', block));
                    count++;
                }
                else
                {
                    block.ForEach(happens => situation!.Play(happens));
                }
            }

            lines.Add(line);
            kind = "";
        }

        return (string.Join('\n', lines), count);
    }
}
