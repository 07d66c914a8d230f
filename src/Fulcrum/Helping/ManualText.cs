using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Fulcrum.Helping;

/// <summary>The manual page fulcrum(1), in the macros of man(7), written from the commands themselves.</summary>
internal sealed class ManualText
{
    private readonly StringBuilder _text = new();

    public static string Of(RootCommand root, string version, DateTimeOffset date) =>
        new ManualText().Write(root, version, date);

    private string Write(RootCommand root, string version, DateTimeOffset date)
    {
        var day = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Line($".TH FULCRUM 1 {day} \"Fulcrum {version}\" \"User Commands\"");
        Section("NAME");
        Line("fulcrum \\- load balancer: receives traffic for addresses and hands it to healthy servers");
        Section("SYNOPSIS");
        Line(".B fulcrum");
        Line(".I COMMAND");
        Line("[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]");
        Section("DESCRIPTION");
        Text(root.Description!);
        Line(".PP");
        Text(Surface.Shortening);
        Section("COMMANDS");
        var pages = CommandPage.All(root).ToList();
        foreach (var purpose in GuideTable.Purposes)
        {
            Line($".SS {Escape(purpose)}");
            pages.Where(page => page.Guide.Purpose == purpose).OrderBy(GuideTable.PlaceOf).ToList().ForEach(Command);
        }

        Section("OPTIONS");
        Text("Every command has these:");
        HelpText.Common(root).ToList().ForEach(Item);
        Section("EXIT STATUS");
        Surface.ExitCodes.ToList().ForEach(Item);
        Section("ENVIRONMENT");
        Surface.Environment.ToList().ForEach(Item);
        Section("FILES");
        Surface.Files.ToList().ForEach(Item);
        Section("EXAMPLES");
        foreach (var example in pages.OrderBy(GuideTable.PlaceOf).SelectMany(page => page.Guide.Examples))
        {
            Line(".TP");
            Line($".B {Escape(example.Line)}");
            Text(example.About.Length > 0 ? char.ToUpperInvariant(example.About[0]) + example.About[1..] + "." : "\\&");
        }

        return _text.ToString();
    }

    private void Command(CommandPage page)
    {
        Line(".TP");
        Line($".B {Escape(page.Usage)}");
        Text(page.Description);
        if (page.Arguments.Count + page.Options.Count > 0)
        {
            Line(".RS");
            page.Arguments.Concat(page.Options).ToList().ForEach(Item);
            Line(".RE");
        }
    }

    private void Item(Entry entry)
    {
        Line(".TP");
        Line($".B {Escape(entry.Name)}");
        Text(entry.Text);
    }

    private void Section(string name) => Line($".SH {name}");

    // A full stop or an apostrophe at the beginning of a line would be a request.
    private void Text(string text) =>
        Line(
            text == "\\&" ? text
            : text[0] is '.' or '\'' ? "\\&" + Escape(text)
            : Escape(text)
        );

    private void Line(string line) => _text.Append(line).Append('\n');

    private static string Escape(string text) =>
        text.Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("'", "\\(aq", StringComparison.Ordinal)
            .Replace("\"", "\\(dq", StringComparison.Ordinal)
            .Replace("~", "\\(ti", StringComparison.Ordinal);
}
