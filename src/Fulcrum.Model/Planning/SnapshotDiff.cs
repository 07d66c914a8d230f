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
        One(changes, "group", before.Group, after.Group);
        One(changes, "api", before.Api, after.Api);
        One(changes, "defaults", before.Defaults, after.Defaults);
        One(changes, "guard", before.Guard, after.Guard);
        Many(changes, "nodes", before.Nodes, after.Nodes);
        Many(changes, "interfaces", before.Interfaces, after.Interfaces);
        Upstreams(changes, before.Upstreams, after.Upstreams);
        Many(changes, "services", before.Services, after.Services);
        Many(changes, "route-lists", before.RouteLists, after.RouteLists);
        Many(changes, "stages", before.Stages, after.Stages);
        Many(changes, "vips", before.Vips, after.Vips);
        Many(changes, "announcements", before.Announcements, after.Announcements);
        Many(changes, "peers", before.Peers, after.Peers);
        Many(changes, "pools", before.Pools, after.Pools);
        Many(changes, "registries", before.Registries, after.Registries);
        return new(Items.From(changes));
    }

    private static void One<T>(List<Change> changes, string kind, T? before, T? after)
        where T : class
    {
        if (!Equals(before, after))
        {
            changes.Add(new(ChangeKind.Changed, kind, "", before, after));
        }
    }

    private static void Many<T>(List<Change> changes, string kind, Named<T> before, Named<T> after)
        where T : class, INamed
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        foreach (var item in after)
        {
            var old = before.Find(item.Name);
            if (old is null)
            {
                changes.Add(new(ChangeKind.Added, kind, item.Name, null, item));
            }
            else if (!ReferenceEquals(old, item) && !old.Equals(item))
            {
                changes.Add(new(ChangeKind.Changed, kind, item.Name, old, item));
            }
        }

        foreach (var item in before)
        {
            if (after.Find(item.Name) is null)
            {
                changes.Add(new(ChangeKind.Removed, kind, item.Name, item, null));
            }
        }
    }

    private static void Upstreams(List<Change> changes, Named<Upstream> before, Named<Upstream> after)
    {
        var start = changes.Count;
        Many(changes, "upstreams", before, after);
        for (var i = changes.Count - 1; i >= start; i--)
        {
            if (changes[i] is not { Kind: ChangeKind.Changed, Before: Upstream was, After: Upstream now })
            {
                continue;
            }

            var backends = new List<Change>();
            Backends(backends, was, now);
            if ((was with { Backends = now.Backends }).Equals(now) && backends.Count > 0)
            {
                changes.RemoveAt(i);
            }

            changes.AddRange(backends);
        }
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
