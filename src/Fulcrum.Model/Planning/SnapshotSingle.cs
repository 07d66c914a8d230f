namespace Fulcrum.Model.Planning;

/// <summary>A part of a snapshot of which there is one: it has no name of its own.</summary>
public abstract class SnapshotSingle
{
    public static IReadOnlyList<SnapshotSingle> All { get; } =
    [
        new SnapshotSingle<string?>("group", s => s.Group, (s, value) => s with { Group = value }),
        new SnapshotSingle<ApiSettings>("api", s => s.Api, (s, value) => s with { Api = value }),
        new SnapshotSingle<MetricsSettings>("metrics", s => s.Metrics, (s, value) => s with { Metrics = value }),
        new SnapshotSingle<Tls.AcmeSettings?>("acme", s => s.Acme, (s, value) => s with { Acme = value }),
        new SnapshotSingle<IpvsSettings>("ipvs", s => s.Ipvs, (s, value) => s with { Ipvs = value }),
        new SnapshotSingle<XdpSettings>("xdp", s => s.Xdp, (s, value) => s with { Xdp = value }),
        new SnapshotSingle<Defaults>("defaults", s => s.Defaults, (s, value) => s with { Defaults = value }),
        new SnapshotSingle<Guard>("guard", s => s.Guard, (s, value) => s with { Guard = value }),
    ];

    private protected SnapshotSingle(string key) => Key = key;

    /// <summary>As the language calls it: <c>defaults</c>.</summary>
    public string Key { get; }

    public abstract object? Of(Snapshot snapshot);

    /// <summary>The snapshot with this part of another one.</summary>
    public abstract Snapshot With(Snapshot snapshot, Snapshot other);

    /// <summary>It says something else than what holds without it.</summary>
    public bool IsSet(Snapshot snapshot) => !AreEqual(snapshot, Snapshot.Empty);

    internal bool AreEqual(Snapshot one, Snapshot other) => Equals(Of(one), Of(other));

    internal Snapshot Settle(Snapshot before, Snapshot after) =>
        AreEqual(before, after) && !ReferenceEquals(Of(before), Of(after)) ? With(after, before) : after;

    public sealed override string ToString() => Key;
}

internal sealed class SnapshotSingle<T>(string key, Func<Snapshot, T> get, Func<Snapshot, T, Snapshot> set)
    : SnapshotSingle(key)
{
    public override object? Of(Snapshot snapshot) => get(snapshot);

    public override Snapshot With(Snapshot snapshot, Snapshot other) => set(snapshot, get(other));
}
