using System.CommandLine;
using System.Text;

namespace Fulcrum.Helping;

/// <summary>docs/command-line.md, written from the commands themselves.</summary>
internal sealed class ReferencePage
{
    private readonly StringBuilder _text = new();

    public static string Of(RootCommand root) => new ReferencePage().Write(root);

    private string Write(RootCommand root)
    {
        Line("# Command line");
        Line();
        Line("This page is generated from the commands; `fulcrum COMMAND --help` and `man fulcrum` say the same.");
        Line();
        Line(Surface.Shortening);
        var pages = CommandPage.All(root).ToList();
        foreach (var purpose in GuideTable.Purposes)
        {
            Line();
            Line($"## {purpose}");
            pages.Where(page => page.Guide.Purpose == purpose).OrderBy(GuideTable.PlaceOf).ToList().ForEach(Command);
        }

        Line();
        Line("## Options of every command");
        Table("option", [.. HelpText.Common(root)]);
        Line();
        Line("## Exit codes");
        Table("code", Surface.ExitCodes);
        Line();
        Line("## Environment");
        Table("variable", Surface.Environment);
        Line();
        Line("## Files");
        Table("file", Surface.Files);
        return _text.ToString();
    }

    private void Command(CommandPage page)
    {
        Line();
        Line($"### {page.Name}");
        Line();
        Line(page.Description);
        Line();
        Line("```text");
        Line(page.Usage);
        Line("```");
        Table("argument", page.Arguments);
        Table("option", page.Options);
        if (page.Guide.Examples.Length > 0)
        {
            Line();
            Line("```console");
            foreach (var example in page.Guide.Examples)
            {
                Line($"$ {example.Line}{(example.About.Length > 0 ? $"  # {example.About}" : "")}");
            }

            Line("```");
        }
    }

    private void Table(string title, IReadOnlyList<Entry> entries)
    {
        if (entries.Count > 0)
        {
            Line();
            Line($"| {title} | |");
            Line("|---|---|");
            foreach (var entry in entries)
            {
                var standard = entry.Default is null ? "" : $" Default: `{entry.Default}`.";
                Line($"| `{entry.Name}` | {Escape(entry.Description)}{standard} |");
            }
        }
    }

    private void Line(string line = "") => _text.Append(line).Append('\n');

    private static string Escape(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
