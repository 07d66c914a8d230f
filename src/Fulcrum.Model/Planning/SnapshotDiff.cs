using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Planning;

/// <summary>
/// Compares snapshots object by object. Backends of one upstream are objects of their own (<c>backends</c>, named
/// <c>UPSTREAM/BACKEND</c>), so that a changed weight is a changed backend and nothing else.
/// </summary>
public static class SnapshotDiff
{
    public static Plan Between(Snapshot before, Snapshot after)
    {
        var changes = new List<Change>();
        foreach (var single in SnapshotSingle.All)
        {
            if (!single.AreEqual(before, after))
            {
                changes.Add(new(ChangeKind.Changed, single.Key, "", single.Of(before), single.Of(after)));
            }
        }

        foreach (var section in SnapshotSection.All)
        {
            section.Compare(before, after, changes);
        }

        return new(Items.From(changes.SelectMany(WithBackends)));
    }

    // An upstream that differs in nothing but its backends is not told of itself.
    private static List<Change> WithBackends(Change change)
    {
        if (change is not { Kind: ChangeKind.Changed, Before: Upstream was, After: Upstream now })
        {
            return [change];
        }

        var changes = new List<Change>();
        Backends(changes, was, now);
        if (changes.Count == 0 || !(was with { Backends = now.Backends }).Equals(now))
        {
            changes.Insert(0, change);
        }

        return changes;
    }

    private static void Backends(List<Change> changes, Upstream before, Upstream after)
    {
        var old = new Dictionary<string, Backend>(before.Backends.Count, StringComparer.Ordinal);
        foreach (var backend in before.Backends)
        {
            old.TryAdd(backend.Id, backend);
        }

        foreach (var backend in after.Backends)
        {
            var name = $"{after.Name}/{backend.Id}";
            if (!old.Remove(backend.Id, out var was))
            {
                changes.Add(new(ChangeKind.Added, "backends", name, null, backend));
            }
            else if (!was.Equals(backend))
            {
                changes.Add(new(ChangeKind.Changed, "backends", name, was, backend));
            }
        }

        foreach (var gone in old.Values)
        {
            changes.Add(new(ChangeKind.Removed, "backends", $"{before.Name}/{gone.Id}", gone, null));
        }
    }
}
