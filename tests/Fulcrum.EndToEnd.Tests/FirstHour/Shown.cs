using System.Text.RegularExpressions;

namespace Fulcrum.EndToEnd.Tests.FirstHour;

/// <summary>
/// Output as the page shows it. <c>…</c> stands for anything within its line, alone for any lines; columns may be wider
/// or narrower than shown, for what stands in them may be.
/// </summary>
internal static partial class Shown
{
    private const string Anything = "…";

    /// <summary>Whether all that was said is what is shown.</summary>
    public static bool IsAllOf(IReadOnlyList<string> shown, string said) => Matches(shown, said, @"\z");

    /// <summary>Whether what was said begins as shown.</summary>
    public static bool Begins(IReadOnlyList<string> shown, string said) => Matches(shown, said, "");

    private static bool Matches(IReadOnlyList<string> shown, string said, string end)
    {
        var pattern = string.Concat(shown.Select(line => line == Anything ? @"(?:.*\n)*?" : LineOf(line) + " *\n"));
        return Regex.IsMatch(said, @"\A" + pattern + end, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    private static string LineOf(string line) =>
        string.Join(".*", line.Split(Anything).Select(part => Columns().Replace(Regex.Escape(part), " +")));

    // Two blanks and more, as Regex.Escape writes them.
    [GeneratedRegex(@"(?:\\ ){2,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Columns();
}
