using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Numbers;

/// <summary>A number and whose it is.</summary>
/// <param name="Value">Within the range of its kind.</param>
/// <param name="FreedAt">Since when its owner is gone; null: it is in use.</param>
public sealed record LedgerEntry(int Value, DateTimeOffset? FreedAt);

/// <summary>
/// Who has which sticky number. The kernel knows a service by a mark and a backend by an index: a number that went to
/// somebody else while packets, probes or table entries still carry it would send them astray. So an owner keeps its
/// number over reload and restart, gets it back when it returns, and a freed number rests before it is given again.
/// Entries are dropped only when their number goes to another, so there are never more than numbers.
/// </summary>
public sealed record Ledger
{
    /// <summary>A freed number goes to nobody but its owner for so long.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    public static Ledger Empty { get; } = new();

    public Map<NumberKey, LedgerEntry> Entries { get; private init; } = Map<NumberKey, LedgerEntry>.Empty;

    /// <summary>Nobody gets a number that does not have it in use: what was given could not be kept.</summary>
    internal bool IsClosed { get; init; }

    private NumberPool Services { get; init; } = NumberPool.Of(NumberKind.ServiceMark);

    private NumberPool Backends { get; init; } = NumberPool.Of(NumberKind.Backend);

    private NumberPool Probes { get; init; } = NumberPool.Of(NumberKind.ProbeMark);

    /// <summary>
    /// What a journal or a plane's table says: the number is this owner's as soon as it asks for it, and until it does
    /// it rests as one that was freed then. Of two owners that claim one number the first keeps it; an owner keeps the
    /// number it has.
    /// </summary>
    public Ledger Adopt(NumberKey key, int value, DateTimeOffset freedAt) =>
        Entries.ContainsKey(key) || !PoolOf(key.Kind).CanGive(value) ? this : With(key, new(value, freedAt));

    /// <summary>The ledger in which the owner has a number in use; null: all are in use or rest, or it is closed.</summary>
    internal Ledger? Taken(NumberKey key, DateTimeOffset now)
    {
        if (Entries[key] is { } own)
        {
            return own.FreedAt is null ? this
                : IsClosed ? null
                : With(key, own with { FreedAt = null });
        }

        if (IsClosed)
        {
            return null;
        }

        var pool = PoolOf(key.Kind);
        // What other nodes hear of (connections that are told, by mark) should mean the same there.
        var usual = key.Kind == NumberKind.ServiceMark ? pool.Usual(key) : null;
        if ((usual ?? pool.NeverGiven) is { } value)
        {
            return With(key, new(value, null));
        }

        return pool.Rested(now) is { } former ? Without(former).With(key, new(Entries[former]!.Value, null)) : null;
    }

    /// <summary>The owner is gone.</summary>
    internal Ledger Freed(NumberKey key, DateTimeOffset now) =>
        Entries[key] is { FreedAt: null } entry ? With(key, entry with { FreedAt = now }) : this;

    private Ledger With(NumberKey key, LedgerEntry entry)
    {
        var pool = PoolOf(key.Kind).With(entry.Value, key).Rests(key, entry.FreedAt + Rest);
        return (this with { Entries = Entries.With(key, entry) }).With(key.Kind, pool);
    }

    // Only to give its number to another at once, which is its entry in the pool from then on.
    private Ledger Without(NumberKey key) =>
        (this with { Entries = Entries.Without(key) }).With(key.Kind, PoolOf(key.Kind).Rests(key, null));

    private NumberPool PoolOf(NumberKind kind) =>
        kind switch
        {
            NumberKind.ServiceMark => Services,
            NumberKind.Backend => Backends,
            _ => Probes,
        };

    private Ledger With(NumberKind kind, NumberPool pool) =>
        kind switch
        {
            NumberKind.ServiceMark => this with { Services = pool },
            NumberKind.Backend => this with { Backends = pool },
            _ => this with { Probes = pool },
        };
}
