using System.Text;
using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>docs/tls-peers.md has the rows that the tests run. <c>FULCRUM_UPDATE=1</c> writes it anew.</summary>
public sealed class PageTests
{
    private const string Mark = "<!-- From here on written by the tests: FULCRUM_UPDATE=1. -->\n";

    private static readonly string Page = Repository.PathOf("docs", "tls-peers.md");

    [Fact]
    public void The_page_has_every_row_of_the_table()
    {
        var committed = File.ReadAllText(Page);
        var kept = committed[..(committed.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)];
        var generated = kept + Clients() + Servers();
        if (Environment.GetEnvironmentVariable("FULCRUM_UPDATE") == "1")
        {
            File.WriteAllText(Page, generated);
        }

        Assert.Equal(committed, generated);
    }

    private static string Clients()
    {
        var text = new StringBuilder("\n## Clients of a listener of `tls://`\n");
        foreach (var chapter in ClientTable.Chapters)
        {
            text.Append($"\n### {chapter.Title}\n\n");
            if (chapter.Text.Length > 0)
            {
                text.Append($"{chapter.Text}\n\n");
            }
            text.Append("| peer | what it does | what it sees | counted |\n|---|---|---|---|\n");
            foreach (var row in chapter.Rows)
            {
                text.Append(Line(row.Peer, row.What, row.Outcome, row.Counted));
            }
        }
        return text.ToString();
    }

    private static string Servers()
    {
        var text = new StringBuilder(
            "\n## Backends that TLS is spoken to\n\n| peer | the server | what it sees | what the client gets | counted |\n|---|---|---|---|---|\n"
        );
        foreach (var row in BackendTable.All)
        {
            text.Append(Line(row.Peer, row.What, row.Sees, row.Gets, row.Counted));
        }
        return text.ToString();
    }

    private static string Line(params string[] cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Length == 0 ? "–" : cell.Replace("*", "\\*", StringComparison.Ordinal)))} |\n";
}
