using Fulcrum.Model.Values;

namespace Fulcrum.Model.Validation;

/// <summary>Names that must lead somewhere.</summary>
internal static class References
{
    public static void Check<T>(Findings findings, Named<T> targets, string kind, string? name)
        where T : class, INamed
    {
        if (name is null || targets.TryGet(name, out _))
        {
            return;
        }

        findings.Error(
            $"there is no {kind} '{name}'",
            suggestion: findings.WantsSuggestions ? NearMiss.Of(name, targets.Select(target => target.Name)) : null
        );
    }

    public static void CheckAll<T>(Findings findings, Named<T> targets, string kind, string key, Items<string> names)
        where T : class, INamed
    {
        if (names.IsEmpty)
        {
            return;
        }

        using var list = findings.In(key);
        for (var i = 0; i < names.Count; i++)
        {
            using var at = findings.At(i);
            Check(findings, targets, kind, names[i]);
        }
    }
}
