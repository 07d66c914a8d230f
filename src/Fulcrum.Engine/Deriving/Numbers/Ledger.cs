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
/// </summary>
public sealed record Ledger
{
    public static Ledger Empty { get; } = new();

    public Map<NumberKey, LedgerEntry> Entries { get; init; } = Map<NumberKey, LedgerEntry>.Empty;

    public Ledger Adopt(NumberKey key, LedgerEntry entry) => this with { Entries = Entries.With(key, entry) };
}
