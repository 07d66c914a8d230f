using System.Text.RegularExpressions;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Routing;

/// <summary>A pattern made ready: comparing allocates nothing and takes time in proportion to the text.</summary>
public sealed class TextMatcher
{
    private readonly TextPatternKind _kind;
    private readonly StringComparison _comparison;
    private readonly string _text;
    private readonly string[] _parts = [];
    private readonly Regex? _expression;

    public TextMatcher(TextPattern pattern, bool ignoreCase)
    {
        _kind = pattern.Kind;
        _text = pattern.Text;
        _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (_kind == TextPatternKind.Wildcard)
        {
            _parts = pattern.Text.Split('*');
        }
        else if (_kind == TextPatternKind.Expression)
        {
            _expression = ignoreCase
                ? new(
                    pattern.Text,
                    RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
                )
                : new(pattern.Text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
    }

    public bool Matches(ReadOnlySpan<char> text) =>
        _kind switch
        {
            TextPatternKind.Exact => text.Equals(_text, _comparison),
            TextPatternKind.Wildcard => MatchesParts(text),
            _ => _expression!.IsMatch(text),
        };

    // What stands between two stars is best found as early as possible: whatever else would fit, fits then too.
    private bool MatchesParts(ReadOnlySpan<char> text)
    {
        var first = _parts[0];
        var last = _parts[^1];
        if (
            text.Length < first.Length + last.Length
            || !text.StartsWith(first, _comparison)
            || !text.EndsWith(last, _comparison)
        )
        {
            return false;
        }

        text = text[first.Length..^last.Length];
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var at = text.IndexOf(part, _comparison);
            if (at < 0)
            {
                return false;
            }

            text = text[(at + part.Length)..];
        }

        return true;
    }
}
