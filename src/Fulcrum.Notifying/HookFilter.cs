using System.Text.RegularExpressions;
using Fulcrum.Engine.Events;
using Fulcrum.Model.Hooks;
using Fulcrum.Model.Values;

namespace Fulcrum.Notifying;

/// <summary>Which events a hook wants.</summary>
internal sealed class HookFilter(Hook hook)
{
    private readonly IReadOnlyList<Regex> _subjects = [.. hook.Subjects.Select(Compile)];

    public bool Wants(NodeEvent one) =>
        (hook.On.IsEmpty || hook.On.Contains(one.Kind))
        && (one.IsBad || !hook.OnlyBad)
        && (_subjects.Count == 0 || _subjects.Any(pattern => pattern.IsMatch(one.Subject.ToString())));

    private static Regex Compile(TextPattern pattern) =>
        new(
            pattern.Kind switch
            {
                TextPatternKind.Exact => $"^{Regex.Escape(pattern.Text)}$",
                TextPatternKind.Wildcard =>
                    $"^{Regex.Escape(pattern.Text).Replace("\\*", ".*", StringComparison.Ordinal)}$",
                _ => pattern.Text,
            },
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline
        );
}
