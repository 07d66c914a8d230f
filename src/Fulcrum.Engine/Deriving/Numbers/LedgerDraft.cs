namespace Fulcrum.Engine.Deriving.Numbers;

/// <summary>A ledger while one decision is made.</summary>
internal sealed class LedgerDraft(Ledger ledger, DateTimeOffset now)
{
    // One part of a decision frees what another takes again: that is no change, and so waits for the end.
    private readonly HashSet<NumberKey> _freed = [];
    private Ledger _ledger = ledger;

    /// <summary>The owner's number; null when the range is used up.</summary>
    public int? Take(NumberKey key)
    {
        _freed.Remove(key);
        if (_ledger.Taken(key, now) is not { } taken)
        {
            return null;
        }

        _ledger = taken;
        return taken.Entries[key]!.Value;
    }

    /// <summary>Its owner is gone.</summary>
    public void Free(NumberKey key) => _freed.Add(key);

    /// <summary>The same ledger when nothing was taken or freed.</summary>
    public Ledger Finish()
    {
        foreach (var key in _freed)
        {
            _ledger = _ledger.Freed(key, now);
        }

        _freed.Clear();
        return _ledger;
    }
}
