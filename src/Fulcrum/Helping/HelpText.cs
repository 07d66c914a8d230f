using System.CommandLine;
using System.Text;
using Fulcrum.Output;

namespace Fulcrum.Helping;

/// <summary>What <c>--help</c> shows, and what <c>fulcrum</c> alone does.</summary>
internal sealed class HelpText(Look look)
{
    private const int Indent = 2;

    /// <summary>A line that is longer is hard to read on any terminal.</summary>
    private const int WidestText = 100;

    private readonly StringBuilder _text = new();

    private int Width => Math.Min(look.Width ?? WidestText, WidestText);

    public static string Of(Command command, Look look) =>
        command is RootCommand root ? new HelpText(look).Overview(root) : new HelpText(look).Page(command);

    private string Overview(RootCommand root)
    {
        Append(root.Description!, 0);
        var pages = root.Subcommands.Where(command => !command.Hidden).Select(CommandPage.Of).ToList();
        var margin = pages.Max(page => ShortName(page).Length) + 2 * Indent;
        foreach (var purpose in GuideTable.Purposes)
        {
            Head(purpose);
            foreach (var page in pages.Where(page => page.Guide.Purpose == purpose).OrderBy(GuideTable.PlaceOf))
            {
                // The first sentence is enough to find it.
                Row(ShortName(page), page.Description.Split(". ", 2)[0].TrimEnd('.'), margin);
            }
        }

        _text.Append('\n');
        Append(
            "'fulcrum COMMAND --help' tells more of a command, with examples. Names and kinds may be shortened for reading.",
            0
        );
        return _text.ToString();
    }

    private string Page(Command command)
    {
        var page = CommandPage.Of(command);
        Append(page.Description, 0);
        _text.Append('\n').Append(Ink.Paint("Usage:", Tone.Strong, look)).Append(' ').Append(page.Usage).Append('\n');
        var common = Common(command).ToList();
        var margin = Math.Min(
            Width / 2,
            page.Arguments.Concat(page.Options).Concat(common).Max(entry => entry.Name.Length) + 2 * Indent
        );
        var commands = command
            .Subcommands.Where(sub => !sub.Hidden)
            .Select(sub => new Entry(sub.Name, sub.Description ?? "", null))
            .ToList();
        Rows("Commands", commands, margin);
        Rows("Arguments", page.Arguments, margin);
        Rows("Options", [.. page.Options, .. common], margin);
        if (page.Guide.Examples.Length > 0)
        {
            Head("Examples");
            var longest = page.Guide.Examples.Max(example => example.Line.Length);
            foreach (var example in page.Guide.Examples)
            {
                var about = example.About.Length == 0 ? "" : "  # " + example.About;
                var line = example.Line.PadRight(
                    about.Length == 0 || Indent + longest + about.Length > Width ? 0 : longest
                );
                _text.Append(' ', Indent).Append(line).Append(Ink.Paint(about, Tone.Dim, look)).Append('\n');
            }
        }

        return _text.ToString();
    }

    /// <summary>Options that every command has.</summary>
    public static IEnumerable<Entry> Common(Command command)
    {
        var root = command;
        while (root.Parents.OfType<Command>().FirstOrDefault() is { } parent)
        {
            root = parent;
        }

        return root
            .Options.Where(option => option.Recursive && !option.Hidden)
            .Select(option =>
                option is System.CommandLine.Help.HelpOption
                    ? new("-h, --help", "Show this.", null)
                    : CommandPage.Of(option)
            );
    }

    private static string ShortName(CommandPage page) => page.Name.Split(' ', 2)[1];

    private void Rows(string title, IReadOnlyList<Entry> entries, int margin)
    {
        if (entries.Count > 0)
        {
            Head(title);
            foreach (var entry in entries)
            {
                Row(entry.Name, entry.Text, margin);
            }
        }
    }

    private void Head(string title) =>
        _text.Append('\n').Append(Ink.Paint(title + ":", Tone.Strong, look)).Append('\n');

    private void Row(string name, string about, int margin)
    {
        _text.Append(' ', Indent).Append(name);
        if (Indent + name.Length + Indent > margin)
        {
            _text.Append('\n').Append(' ', margin);
        }
        else
        {
            _text.Append(' ', margin - Indent - name.Length);
        }

        _text.AppendJoin("\n" + new string(' ', margin), Prose.Wrap(about, Width - margin)).Append('\n');
    }

    private void Append(string text, int indent) =>
        _text
            .Append(' ', indent)
            .AppendJoin("\n" + new string(' ', indent), Prose.Wrap(text, Width - indent))
            .Append('\n');
}
