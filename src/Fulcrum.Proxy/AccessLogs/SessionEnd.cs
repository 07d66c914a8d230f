namespace Fulcrum.Proxy.AccessLogs;

/// <summary>How a session ended.</summary>
internal enum SessionEnd
{
    /// <summary>We ended it: its backend drained, the node stopped, or something broke here.</summary>
    Aborted,

    /// <summary>Both sides said all they had to say.</summary>
    Closed,

    /// <summary>One side reset it.</summary>
    Reset,

    /// <summary>Nothing came for too long.</summary>
    Idle,

    /// <summary>No backend took it.</summary>
    Unserved,

    /// <summary>What it said first, or where it came from, led nowhere.</summary>
    Refused,

    /// <summary>It did not say in time what had to be known first.</summary>
    Silent,

    /// <summary>All backends were full, and as many as may wait did.</summary>
    QueueFull,

    /// <summary>It waited for a place on a backend for as long as it may.</summary>
    QueueTimeout,

    /// <summary>A message was longer than messages may be.</summary>
    TooLong,

    /// <summary>UDP: a new session took its place.</summary>
    Evicted,
}
