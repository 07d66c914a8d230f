using Fulcrum.Model.Values;

namespace Fulcrum.Model.Planning;

/// <summary>One kind of named objects, and where they stand in a snapshot.</summary>
public abstract class SnapshotSection
{
    /// <summary>Every kind, in the order in which differences are told.</summary>
    public static IReadOnlyList<SnapshotSection> All { get; } =
    [
        new SnapshotSection<Nodes.Node>(
            "nodes",
            s => s.Nodes,
            (s, value) => s with { Nodes = value },
            (item, name) => item with { Name = name }
        ),
        new SnapshotSection<Nodes.Interface>(
            "interfaces",
            s => s.Interfaces,
            (s, value) => s with { Interfaces = value },
            (item, name) => item with { Name = name }
        ),
        new SnapshotSection<Upstreams.Upstream>(
            "upstreams",
            s => s.Upstreams,
            (s, value) => s with { Upstreams = value },
            (item, name) => item with { Name = name },
            SnapshotSettling.SettleParts
        ),
        new SnapshotSection<Services.Service>(
            "services",
            s => s.Services,
            (s, value) => s with { Services = value },
            (item, name) => item with { Name = name }
        ),
        new SnapshotSection<Routing.RouteList>(
            "route-lists",
            s => s.RouteLists,
            (s, value) => s with { RouteLists = value },
            (item, name) => item with { Name = name }
        ),
        new SnapshotSection<Stages.Stage>(
            "stages",
            s => s.Stages,
            (s, value) => s with { Stages = value },
            (item, name) => item with { Name = name }
        ),
        new SnapshotSection<Vips.Vip>(
            "vips",
            s => s.Vips,
            (s, value) => s with { Vips = value },
            (item, name) => item with { Name = name }
        ),
        new SnapshotSection<Announcements.Announcement>(
            "announcements",
            s => s.Announcements,
            (s, value) => s with { Announcements = value },
            (item, name) => item with { Name = name }
        ),
        new SnapshotSection<Peers.Peer>(
            "peers",
            s => s.Peers,
            (s, value) => s with { Peers = value },
            (item, name) => item with { Name = name }
        ),
        new SnapshotSection<Pools.AddressPool>(
            "pools",
            s => s.Pools,
            (s, value) => s with { Pools = value },
            (item, name) => item with { Name = name }
        ),
        new SnapshotSection<Discovery.Registry>(
            "registries",
            s => s.Registries,
            (s, value) => s with { Registries = value },
            (item, name) => item with { Name = name }
        ),
        new SnapshotSection<Hooks.Hook>(
            "hooks",
            s => s.Hooks,
            (s, value) => s with { Hooks = value },
            (item, name) => item with { Name = name }
        ),
    ];

    private protected SnapshotSection(string key) => Key = key;

    /// <summary>As the language calls it: <c>services</c>.</summary>
    public string Key { get; }

    /// <summary>The kind of that key, or null.</summary>
    public static SnapshotSection? Find(string key) => All.FirstOrDefault(section => section.Key == key);

    /// <summary>The kind of this object.</summary>
    public static SnapshotSection KindOf(INamed item) => All.First(section => section.Holds(item));

    public abstract bool Holds(INamed item);

    public abstract IReadOnlyList<INamed> Of(Snapshot snapshot);

    /// <summary>The object of that name, or null.</summary>
    public abstract INamed? Find(Snapshot snapshot, string name);

    /// <summary>The snapshot with these objects of this kind and no others.</summary>
    public abstract Snapshot WithAll(Snapshot snapshot, IEnumerable<INamed> items);

    /// <summary>The snapshot with this object added, or in the place of its namesake.</summary>
    public abstract Snapshot With(Snapshot snapshot, INamed item);

    public abstract Snapshot Without(Snapshot snapshot, string name);

    /// <summary>The same object under another name.</summary>
    public abstract INamed Renamed(INamed item, string name);

    internal abstract void Compare(Snapshot before, Snapshot after, List<Change> changes);

    internal abstract Snapshot Settle(Snapshot before, Snapshot after);

    public sealed override string ToString() => Key;
}

/// <param name="settleParts">Of an object that differs, gives back what is within it and does not.</param>
internal sealed class SnapshotSection<T>(
    string key,
    Func<Snapshot, Named<T>> get,
    Func<Snapshot, Named<T>, Snapshot> set,
    Func<T, string, T> rename,
    Func<T, T, T>? settleParts = null
) : SnapshotSection(key)
    where T : class, INamed
{
    public override bool Holds(INamed item) => item is T;

    public override IReadOnlyList<INamed> Of(Snapshot snapshot) => get(snapshot);

    public override INamed? Find(Snapshot snapshot, string name) => get(snapshot).Find(name);

    public override Snapshot WithAll(Snapshot snapshot, IEnumerable<INamed> items) =>
        set(snapshot, Named<T>.From(items.Cast<T>()));

    public override Snapshot With(Snapshot snapshot, INamed item) => set(snapshot, get(snapshot).With((T)item));

    public override Snapshot Without(Snapshot snapshot, string name) => set(snapshot, get(snapshot).Without(name));

    public override INamed Renamed(INamed item, string name) => rename((T)item, name);

    internal override void Compare(Snapshot before, Snapshot after, List<Change> changes)
    {
        var (old, now) = (get(before), get(after));
        if (ReferenceEquals(old, now))
        {
            return;
        }

        foreach (var item in now)
        {
            var was = old.Find(item.Name);
            if (was is null)
            {
                changes.Add(new(ChangeKind.Added, Key, item.Name, null, item));
            }
            else if (!ReferenceEquals(was, item) && !was.Equals(item))
            {
                changes.Add(new(ChangeKind.Changed, Key, item.Name, was, item));
            }
        }

        foreach (var item in old)
        {
            if (now.Find(item.Name) is null)
            {
                changes.Add(new(ChangeKind.Removed, Key, item.Name, item, null));
            }
        }
    }

    internal override Snapshot Settle(Snapshot before, Snapshot after)
    {
        var (old, now) = (get(before), get(after));
        if (ReferenceEquals(old, now))
        {
            return after;
        }

        var settled = new T[now.Count];
        var (isOld, isNow) = (now.Count == old.Count, true);
        for (var i = 0; i < settled.Length; i++)
        {
            var item = now[i];
            var was = i < old.Count && old[i].Name == item.Name ? old[i] : old.Find(item.Name);
            settled[i] =
                was is null ? item
                : was.Equals(item) ? was
                : settleParts is null ? item
                : settleParts(was, item);
            isOld = isOld && ReferenceEquals(settled[i], old[i]);
            isNow = isNow && ReferenceEquals(settled[i], item);
        }

        return isOld ? set(after, old)
            : isNow ? after
            : set(after, Named<T>.From(settled));
    }
}
