using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration;

/// <summary>
/// Selectors in one line, for command lines and queries, as Kubernetes writes them: <c>tier=web, rack in (a, b),
/// env!=test, gpu, !spot</c>. All terms must hold.
/// </summary>
public static partial class SelectorText
{
    public const string Expected = "a selector such as tier=web, 'rack in (a,b)', env!=test, gpu or !spot";

    private const int Longest = 1024;
    private const int MostTerms = 64;

    /// <summary>Reads one term or more.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Selector? selector)
    {
        selector = null;
        if (text.Length > Longest)
        {
            return false;
        }

        var terms = new List<SelectorTerm>();
        var at = 0;
        while (true)
        {
            var match = Term().Match(text, at);
            if (!match.Success || terms.Count == MostTerms)
            {
                return false;
            }

            terms.Add(Read(match));
            at += match.Length;
            if (at == text.Length)
            {
                selector = new(Items.From(terms));
                return true;
            }

            // The comma.
            at++;
        }
    }

    /// <summary>As it is read again, where keys and values are words.</summary>
    public static string Format(Selector selector) => string.Join(',', selector.Terms.Select(Format));

    private static string Format(SelectorTerm term) =>
        (term.Operator, term.Values.Count) switch
        {
            (SelectorOperator.In, 1) => $"{term.Key}={term.Values[0]}",
            (SelectorOperator.In, _) => $"{term.Key} in ({string.Join(',', term.Values)})",
            (SelectorOperator.NotIn, 1) => $"{term.Key}!={term.Values[0]}",
            (SelectorOperator.NotIn, _) => $"{term.Key} notin ({string.Join(',', term.Values)})",
            (SelectorOperator.Exists, _) => term.Key,
            _ => $"!{term.Key}",
        };

    private static SelectorTerm Read(Match match)
    {
        var key = match.Groups["key"].Value;
        if (match.Groups["set"] is { Success: true } set)
        {
            var values = set.Value.Split(',', StringSplitOptions.TrimEntries);
            var isIn = match.Groups["in"].Value == "in";
            return new(key, isIn ? SelectorOperator.In : SelectorOperator.NotIn, Items.From(values));
        }

        if (match.Groups["value"] is { Success: true } value)
        {
            var isNot = match.Groups["equals"].Value == "!=";
            return new(key, isNot ? SelectorOperator.NotIn : SelectorOperator.In, [value.Value]);
        }

        return new(key, match.Groups["no"].Success ? SelectorOperator.DoesNotExist : SelectorOperator.Exists, []);
    }

    // A term, up to the comma after it or to the end. No part can take what another may, so that it never looks back.
    [GeneratedRegex(
        """
            \G\s*(?:
              (?<no>!)\s*(?<key>[^\s=!,()]+)
            | (?<key>[^\s=!,()]+)(?:
                \s*(?<equals>==?|!=)\s*(?<value>[^\s=!,()]+)
              | \s+(?<in>in|notin)\s*\((?<set>\s*[^\s=!,()]+\s*(?:,\s*[^\s=!,()]+\s*)*)\)
              )?
            )\s*(?=,|\z)
            """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Term();
}
