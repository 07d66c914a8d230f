namespace Fulcrum.Tls.Engine;

/// <summary>How far a turn of a <see cref="TlsEngine"/> came.</summary>
public enum TlsOutcome
{
    /// <summary>All that was received is used up; more has to come.</summary>
    Continue,

    /// <summary>What is to be sent did not find room: send it, and call again with the rest.</summary>
    NeedsRoom,

    /// <summary>The peer has said that nothing more comes (close_notify, RFC 8446 section 6.1).</summary>
    Ended,

    /// <summary>The connection cannot go on; an alert that tells the peer why may be there to be sent.</summary>
    Failed,
}
