using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Planning;

/// <summary>
/// Gives a new snapshot the objects of the former one wherever they are equal: who compares references finds what
/// changed and nothing else, however the new one was made (a file read again makes every object anew).
/// </summary>
public static class SnapshotSettling
{
    /// <summary>
    /// <paramref name="after"/>, in which every object, and within upstreams every backend, that equals its namesake in
    /// <paramref name="before"/> is the former object; <paramref name="before"/> itself where all is equal.
    /// </summary>
    public static Snapshot Settle(Snapshot before, Snapshot after)
    {
        if (ReferenceEquals(before, after))
        {
            return before;
        }

        var settled = after;
        foreach (var single in SnapshotSingle.All)
        {
            settled = single.Settle(before, settled);
        }

        foreach (var section in SnapshotSection.All)
        {
            settled = section.Settle(before, settled);
        }

        // What is equal is the same object by now, so that this looks at little more than references.
        return settled.Equals(before) ? before : settled;
    }

    internal static Upstream SettleParts(Upstream before, Upstream after)
    {
        var policy = before.Policy.Equals(after.Policy) ? before.Policy : after.Policy;
        return TrySettle(before.Backends, after.Backends, out var backends) || !ReferenceEquals(policy, after.Policy)
            ? after with
            {
                Backends = backends,
                Policy = policy,
            }
            : after;
    }

    // False: they are what they were.
    private static bool TrySettle(Items<Backend> before, Items<Backend> after, out Items<Backend> settled)
    {
        Dictionary<string, Backend>? byId = null;
        var backends = new Backend[after.Count];
        var (isBefore, isAfter) = (after.Count == before.Count, true);
        for (var i = 0; i < backends.Length; i++)
        {
            var aligned = i < before.Count ? before[i] : null;
            backends[i] = aligned is not null && aligned.Equals(after[i]) ? aligned : Namesake(after[i]);
            isBefore = isBefore && ReferenceEquals(backends[i], aligned);
            isAfter = isAfter && ReferenceEquals(backends[i], after[i]);
        }

        settled =
            isAfter ? after
            : isBefore ? before
            : Items.From(backends);
        return !isAfter;

        Backend Namesake(Backend backend)
        {
            byId ??= ById(before);
            return byId.TryGetValue(backend.Id, out var was) && was.Equals(backend) ? was : backend;
        }
    }

    private static Dictionary<string, Backend> ById(Items<Backend> backends)
    {
        var byId = new Dictionary<string, Backend>(backends.Count, StringComparer.Ordinal);
        foreach (var backend in backends)
        {
            byId.TryAdd(backend.Id, backend);
        }

        return byId;
    }
}
