using System.Text.RegularExpressions;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>Rows of the table call a file by its name: <c>{good}</c> is the path of the good certificate.</summary>
internal static class Filling
{
    public static string Of(string text, Papers papers) =>
        Regex.Replace(
            text,
            "\\{[a-z-]+\\}",
            match => papers.PathOf(match.Value[1..^1]),
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
        );
}
