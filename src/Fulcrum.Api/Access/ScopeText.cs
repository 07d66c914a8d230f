using System.Diagnostics.CodeAnalysis;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Access;

/// <summary>
/// Selectors in a line, as the command line takes them: <c>tier=web,rack!=a|b,gpu,!old</c>. All terms must hold.
/// </summary>
public static class ScopeText
{
    public const string Expected = "terms such as tier=web, rack!=a|b, gpu or !old, with commas between them";

    private const int Longest = 1024;

    public static string Of(Selector selector) => string.Join(',', selector.Terms.Select(Of));

    /// <summary>Only what is told apart without quotes: letters, digits and <c>. _ / : @ -</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Selector? selector)
    {
        selector = null;
        if (text.Length > Longest)
        {
            return false;
        }

        var terms = new List<SelectorTerm>();
        foreach (var part in text.Split(','))
        {
            if (Term(part.Trim()) is not { } term)
            {
                return false;
            }

            terms.Add(term);
        }

        selector = new(Items.From(terms));
        return true;
    }

    private static string Of(SelectorTerm term) =>
        term.Operator switch
        {
            SelectorOperator.In => $"{term.Key}={string.Join('|', term.Values)}",
            SelectorOperator.NotIn => $"{term.Key}!={string.Join('|', term.Values)}",
            SelectorOperator.Exists => term.Key,
            _ => $"!{term.Key}",
        };

    private static SelectorTerm? Term(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            var isAbsent = text.StartsWith('!');
            var key = isAbsent ? text[1..] : text;
            return IsWord(key)
                ? new(key, isAbsent ? SelectorOperator.DoesNotExist : SelectorOperator.Exists, [])
                : null;
        }

        var isNot = equals > 0 && text[equals - 1] == '!';
        var name = text[..(isNot ? equals - 1 : equals)];
        var values = text[(equals + 1)..].Split('|');
        return IsWord(name) && values.All(IsWord)
            ? new(name, isNot ? SelectorOperator.NotIn : SelectorOperator.In, Items.From(values))
            : null;
    }

    private static bool IsWord(string text) =>
        text.Length > 0
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '/' or ':' or '@' or '-');
}
