using System.Text.RegularExpressions;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>What programs print, searched.</summary>
internal static class Found
{
    private const RegexOptions Options =
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    /// <summary>What the pattern calls <c>it</c>, where it matches first; empty: nowhere.</summary>
    public static string In(string text, string pattern) => Regex.Match(text, pattern, Options).Groups["it"].Value;
}
