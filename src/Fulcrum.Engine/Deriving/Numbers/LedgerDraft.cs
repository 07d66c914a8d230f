namespace Fulcrum.Engine.Deriving.Numbers;

/// <summary>A ledger while one decision is made.</summary>
internal sealed class LedgerDraft(Ledger ledger, DateTimeOffset now)
{
    /// <summary>The owner's number; null when the range is used up.</summary>
    public int? Take(NumberKey key) => throw new NotSupportedException(key.ToString());

    /// <summary>Its owner is gone.</summary>
    public void Free(NumberKey key) => throw new NotSupportedException(key.ToString());

    /// <summary>The same ledger when nothing was taken or freed.</summary>
    public Ledger Finish() => ledger with { Entries = ledger.Entries };

    public DateTimeOffset Now => now;
}
