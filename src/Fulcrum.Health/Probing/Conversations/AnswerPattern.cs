using System.Text;
using System.Text.RegularExpressions;
using Fulcrum.Model.Values;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>What an answer must look like, made ready once for all probes of a check.</summary>
internal sealed class AnswerPattern
{
    private readonly TextPattern _pattern;
    private readonly byte[] _start;
    private readonly Regex? _expression;

    private AnswerPattern(TextPattern pattern)
    {
        _pattern = pattern;
        _start = pattern.Kind == TextPatternKind.Exact ? Encoding.UTF8.GetBytes(pattern.Text) : [];
        _expression = pattern.Kind switch
        {
            TextPatternKind.Expression => new(
                pattern.Text,
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
            ),
            TextPatternKind.Wildcard => new(
                "^" + Regex.Escape(pattern.Text).Replace("\\*", ".*", StringComparison.Ordinal),
                RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant
            ),
            _ => null,
        };
    }

    public static AnswerPattern? Of(TextPattern? pattern) => pattern is null ? null : new(pattern);

    public bool Matches(ReadOnlySpan<byte> answer) =>
        _expression?.IsMatch(Encoding.UTF8.GetString(answer)) ?? answer.StartsWith(_start);

    /// <summary>More of the answer may still make it match.</summary>
    public bool MayMatch(ReadOnlySpan<byte> answer) =>
        _expression is not null || _start.AsSpan().StartsWith(answer) || answer.StartsWith(_start);

    public override string ToString() => _pattern.ToString();
}
