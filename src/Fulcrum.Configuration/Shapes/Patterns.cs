using System.Text.RegularExpressions;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Texts with wild cards and regular expressions.</summary>
internal static class Patterns
{
    private const int LongestExpression = 2000;

    /// <summary>A regular expression that runs in linear time; compiled here to see that it can be.</summary>
    public static ScalarShape<string> Expression { get; } =
        new("a regular expression without look-around and back-references", ParseExpression, text => text);

    /// <summary>Exact, <c>*</c> for any run of characters, or <c>~</c> and an expression.</summary>
    public static Shape<TextPattern> Text { get; } =
        PatternShape("a text, where * stands for anything, or ~ and a regular expression", true);

    /// <summary>The same without wild cards: an asterisk is an asterisk.</summary>
    public static Shape<TextPattern> Answer { get; } =
        PatternShape("a text that the answer begins with, or ~ and a regular expression", false);

    private static ShortShape<TextPattern, TextPattern> PatternShape(string expected, bool wildcards)
    {
        var brief = new ScalarShape<TextPattern>(expected, Parse, pattern => pattern.ToString());
        var full = new ObjectShape<TextPattern>(
            "pattern",
            "A text to compare with, in full: for texts that begin with ~ or hold an asterisk.",
            new TextPattern(TextPatternKind.Exact, "")
        );
        Add(TextPatternKind.Exact, "exact", Scalars.Text, "Exactly this text.");
        Add(TextPatternKind.Wildcard, "wildcard", Scalars.Text, "A text where * stands for any run of characters.");
        Add(
            TextPatternKind.Expression,
            "expression",
            Expression,
            "A regular expression that matches somewhere in the text."
        );
        return new(full, brief, pattern => pattern, pattern => (Reads(pattern), pattern));

        bool Parse(string text, out TextPattern value, out string? why)
        {
            why = null;
            var isExpression = text.StartsWith('~');
            value =
                isExpression ? new(TextPatternKind.Expression, text[1..])
                : wildcards && text.Contains('*') ? new(TextPatternKind.Wildcard, text)
                : new(TextPatternKind.Exact, text);
            return !isExpression || ParseExpression(text[1..], out _, out why);
        }

        bool Reads(TextPattern pattern) =>
            Parse(pattern.ToString(), out var back, out _) && back == pattern && pattern.Text.Length > 0;

        void Add(TextPatternKind kind, string key, Shape<string> shape, string about) =>
            full.Case(
                key,
                shape,
                pattern => pattern.Kind == kind ? pattern.Text : null,
                (_, text) => new(kind, text),
                about
            );
    }

    private static bool ParseExpression(string text, out string value, out string? why)
    {
        value = text;
        why = null;
        if (text.Length is 0 or > LongestExpression)
        {
            why = text.Length == 0 ? "empty" : $"longer than {LongestExpression} characters";
            return false;
        }

        try
        {
            _ = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            why = exception is RegexParseException parse
                ? $"{parse.Error} at character {parse.Offset + 1}"
                : "cannot run in linear time";
            return false;
        }
    }
}
