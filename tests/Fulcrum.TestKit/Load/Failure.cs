namespace Fulcrum.TestKit.Load;

/// <summary>Why a request got no good answer, as exactly as a client can tell.</summary>
public enum FailureKind
{
    /// <summary>The connection was refused, or its target is unreachable. UDP: the port is unreachable.</summary>
    ConnectFailed,

    /// <summary>The connection did not stand in time.</summary>
    ConnectTimedOut,

    /// <summary>RST before the first byte of the response.</summary>
    ResetBeforeResponse,

    /// <summary>FIN before the first byte of the response.</summary>
    ClosedBeforeResponse,

    /// <summary>RST within the response.</summary>
    ResetMidResponse,

    /// <summary>FIN within the response.</summary>
    ClosedMidResponse,

    /// <summary>The connection stands, and no (whole) answer came in time. UDP: no answer came in time.</summary>
    TimedOut,

    /// <summary>A whole answer, but with a status other than 2xx, or not in the form of its protocol.</summary>
    BadResponse,
}

/// <summary>One failure and its details for the reader of a failed test.</summary>
public readonly record struct Failure(FailureKind Kind, string Detail);

/// <summary>A failure within a run of load.</summary>
/// <param name="At">Since the start of the run.</param>
/// <param name="Failure">What happened.</param>
/// <param name="RequestOnConnection">From 0; above 0 the connection had served before.</param>
public readonly record struct FailureRecord(TimeSpan At, Failure Failure, int RequestOnConnection);
