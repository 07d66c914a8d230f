using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Explaining;

/// <summary>What people call the checks that are asked: <c>UPSTREAM/BACKEND/CHECK</c>.</summary>
public static class CheckNames
{
    /// <summary>
    /// The names of every task, in order. Those who ask the same of the same target share a task, so that it may have
    /// many. Made anew for each question, in the time that one look at each task takes.
    /// </summary>
    public static ILookup<ProbeTask, string> Of(DerivedState state) =>
        Named(state)
            .Distinct()
            .OrderBy(named => named.Name, StringComparer.Ordinal)
            .ToLookup(named => named.Task, named => named.Name);

    /// <summary>It is that check, or one of that backend or that upstream.</summary>
    public static bool IsUnder(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && (name.Length == prefix.Length || name[prefix.Length] == '/');

    /// <summary>It is configured, though perhaps nobody can be asked.</summary>
    public static bool Exists(DerivedState state, string name) =>
        Accounts.Of(state, new(SubjectKind.Check, name)) is not null;

    private static IEnumerable<(ProbeTask Task, string Name)> Named(DerivedState state) =>
        from pair in state.UpstreamSection.Views
        from member in pair.Value.Memory.Members
        from asked in Asked.Pair(pair.Key.Policy.Checks, member.Probes)
        where asked.Task is not null
        select (asked.Task, $"{pair.Key.Upstream}/{member.Id}/{asked.Check.Id}");
}
