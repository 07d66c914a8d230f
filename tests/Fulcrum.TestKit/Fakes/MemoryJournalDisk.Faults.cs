namespace Fulcrum.TestKit.Fakes;

public sealed partial class MemoryJournalDisk
{
    private const int NoSpaceLeft = 28;

    private int? _failAppendAfter;
    private bool _failFlush;

    /// <summary>All operations after the so-manieth fail, as if the process were gone; null: it runs (again).</summary>
    public int? StopAfter { get; set; }

    /// <summary>What all files may take together.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>
    /// Runs before each operation, with its first word (list, read, append, truncate, flush, rename, delete) and the
    /// name of the file, "" for the directory. May wait, and may throw to make the operation fail.
    /// </summary>
    public Func<string, string, Task>? Before { get; set; }

    /// <summary>The same after each operation: one that throws makes the operation fail although it was done.</summary>
    public Func<string, string, Task>? After { get; set; }

    /// <summary>Flushing is acknowledged and does nothing, as a disk with a broken cache does it.</summary>
    public bool Lies { get; set; }

    /// <summary>The next append fails after so many bytes.</summary>
    public void FailNextAppend(int after) => _failAppendAfter = after;

    /// <summary>The next flush of a file fails; what it should have made durable never will be, however often it is flushed.</summary>
    public void FailNextFlush() => _failFlush = true;

    /// <summary>From now on nothing fails.</summary>
    public void Mend()
    {
        (StopAfter, Capacity, Before, After) = (null, long.MaxValue, null, null);
        (_failAppendAfter, _failFlush) = (null, false);
    }

    private int Fitting(int wanted)
    {
        var fitting = Math.Min(wanted, (int)Math.Clamp(Capacity - Size, 0, int.MaxValue));
        if (_failAppendAfter is { } after)
        {
            _failAppendAfter = null;
            return Math.Min(fitting, Math.Min(after, wanted - 1));
        }

        return fitting;
    }

    private static IOException NoSpace() => new("No space left on device", NoSpaceLeft);
}
