namespace Fulcrum.Loops;

/// <summary>
/// What one loop counts. Only the loop writes; others read without a lock, each number right by itself. Counters of
/// several loops are summed by the reader.
/// </summary>
public sealed class LoopCounters
{
    /// <summary>Waits that returned.</summary>
    public long Turns { get; internal set; }

    /// <summary>Events of sockets.</summary>
    public long Events { get; internal set; }

    /// <summary>Events of sockets that were closed while the event waited.</summary>
    public long StaleEvents { get; internal set; }

    /// <summary>Timers that fired.</summary>
    public long Timers { get; internal set; }

    /// <summary>Messages from other threads.</summary>
    public long Messages { get; internal set; }

    /// <summary>How often a listener had to wait for descriptors, for memory, or for leave to listen.</summary>
    public long AcceptPauses { get; internal set; }

    /// <summary>Exceptions that ended an object, and messages that threw.</summary>
    public long Faults { get; internal set; }

    /// <summary>The longest time between two waits, in microseconds.</summary>
    public long LongestTurn { get; internal set; }

    /// <summary>The text of the last exception, for people.</summary>
    public string? LastFault { get; internal set; }
}
