using System.Buffers;
using System.Text;
using Fulcrum.Configuration.Problems;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Validation;

namespace Fulcrum.Configuration.Nodes;

/// <summary>
/// Puts environment variables into scalars: <c>${NAME}</c>, <c>${NAME:-default}</c> (also when it is set but empty,
/// as in a shell); <c>$${</c> stands for <c>${</c>. It works on scalars that are already parsed, so a value
/// cannot bring structure with it.
/// </summary>
internal sealed class Expansion(IReadOnlyDictionary<string, string> variables, ProblemList problems)
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
    );

    public static string Escape(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    public ScalarNode Apply(string text, ScalarStyle style, SourcePosition position)
    {
        var at = text.IndexOf("${", StringComparison.Ordinal);
        if (at < 0)
        {
            return new(text, style, position);
        }

        var expanded = Expand(text, at, position);
        return new(expanded ?? text, style, position, isBroken: expanded is null);
    }

    private string? Expand(string text, int at, SourcePosition position)
    {
        var result = new StringBuilder();
        var done = 0;
        while (at >= 0)
        {
            if (at > done && text[at - 1] == '$')
            {
                result.Append(text, done, at - 1 - done).Append("${");
                done = at + 2;
            }
            else
            {
                var end = text.IndexOf('}', at);
                if (end < 0)
                {
                    Report(position, "'${' without '}'", "${NAME}, or $${ for the two characters themselves");
                    return null;
                }

                if (ValueOf(text[(at + 2)..end], position) is not { } value)
                {
                    return null;
                }

                result.Append(text, done, at - done).Append(value);
                done = end + 1;
            }

            at = text.IndexOf("${", done, StringComparison.Ordinal);
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    private string? ValueOf(string reference, SourcePosition position)
    {
        var split = reference.IndexOf(":-", StringComparison.Ordinal);
        var name = split < 0 ? reference : reference[..split];
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            Report(
                position,
                $"'{ScalarNode.Shorten(name)}' is not the name of an environment variable",
                "${NAME} or ${NAME:-default}"
            );
            return null;
        }

        if (variables.TryGetValue(name, out var value) && (value.Length > 0 || split < 0))
        {
            return value;
        }

        if (split >= 0)
        {
            return reference[(split + 2)..];
        }

        problems.Add(
            new Problem
            {
                Position = position,
                Message = $"environment variable '{name}' is not set",
                Expected = $"it to be set, or a default: ${{{name}:-value}}",
                Suggestion = NearMiss.Of(name, variables.Keys),
            }
        );
        return null;
    }

    private void Report(SourcePosition position, string message, string expected) =>
        problems.Add(
            new Problem
            {
                Position = position,
                Message = message,
                Expected = expected,
            }
        );
}
