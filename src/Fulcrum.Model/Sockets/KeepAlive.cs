namespace Fulcrum.Model.Sockets;

/// <summary>TCP's own sign of life (RFC 9293 section 3.8.4) on a connection that says nothing. A null: as the machine has it.</summary>
public sealed record KeepAlive
{
    /// <summary>After so long without a byte the peer is asked.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>And then so often.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>After so many questions without an answer it is taken for dead.</summary>
    public int? Probes { get; init; }
}
