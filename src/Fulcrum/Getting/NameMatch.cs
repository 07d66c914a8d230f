using Fulcrum.Model.Validation;

namespace Fulcrum.Getting;

/// <summary>Which objects somebody means by what they typed.</summary>
/// <param name="Names">Those meant, or those that could be.</param>
/// <param name="IsAmbiguous">They could be, and are not the members of a group.</param>
/// <param name="Near">Nobody is called so, but nearly.</param>
internal sealed record NameMatch(IReadOnlyList<string> Names, bool IsAmbiguous, string? Near)
{
    private const int MostShown = 10;

    /// <summary>One name was typed, in full or in part.</summary>
    public bool IsOne { get; private init; }

    /// <summary>The name itself; else the members of the group of that name; else the only one that ends
    /// with it, as a member of a group does; else the only one that begins so.</summary>
    public static NameMatch Of(string typed, IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        if (all.Contains(typed, StringComparer.Ordinal))
        {
            return new([typed], false, null) { IsOne = true };
        }

        if (all.FindAll(name => name.StartsWith(typed + "/", StringComparison.Ordinal)) is { Count: > 0 } group)
        {
            return new(group, false, null);
        }

        if (all.FindAll(name => name.EndsWith("/" + typed, StringComparison.Ordinal)) is [var last])
        {
            return new([last], false, null) { IsOne = true };
        }

        var begun = all.FindAll(name => name.StartsWith(typed, StringComparison.Ordinal));
        return begun.Count switch
        {
            0 => new([], false, NearMiss.Of(typed, [.. all, .. Groups(all)])),
            1 => new(begun, false, null) { IsOne = true },
            _ => new(begun, true, null),
        };
    }

    private static IEnumerable<string> Groups(IEnumerable<string> names) =>
        names
            .Where(name => name.Contains('/', StringComparison.Ordinal))
            .Select(name => name[..name.IndexOf('/', StringComparison.Ordinal)])
            .Distinct(StringComparer.Ordinal);

    public string WhichOnes(string typed)
    {
        var shown = Names.Order(StringComparer.Ordinal).Take(MostShown).Select(name => $"\n  {name}");
        var more = Names.Count > MostShown ? $"\n  and {Names.Count - MostShown} more" : "";
        return $"'{typed}' can be one of {Names.Count}; say more of its name:{string.Concat(shown)}{more}";
    }
}
