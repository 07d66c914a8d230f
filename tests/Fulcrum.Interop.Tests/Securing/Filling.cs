using System.Text.RegularExpressions;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>Rows of the table call a file by its name: <c>{good}</c> is the path of the good certificate.</summary>
internal static partial class Filling
{
    public static string Of(string text, Papers papers) =>
        Place().Replace(text, match => papers.PathOf(match.Groups[1].Value));

    [GeneratedRegex("\\{([a-z-]+)\\}")]
    private static partial Regex Place();
}
