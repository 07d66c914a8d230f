namespace Fulcrum.Engine.Ports;

/// <summary>What a session does just now.</summary>
public enum SessionState
{
    /// <summary>Its backend has not taken it yet.</summary>
    Connecting,

    /// <summary>Bytes may go either way.</summary>
    Open,

    /// <summary>One side has said all it had to say.</summary>
    Closing,

    /// <summary>Its backend drains: it may finish until the deadline.</summary>
    Draining,

    /// <summary>It has no backend: it waits for a place on one, for another attempt, or for the client's next datagram.</summary>
    Waiting,
}

/// <summary>One session as it is now.</summary>
public sealed record SessionReport
{
    public required SessionId Id { get; init; }

    public required string Service { get; init; }

    /// <summary>As it is written: <c>tcp://192.0.2.80:443</c>.</summary>
    public required string Listener { get; init; }

    /// <summary><c>tcp</c>, <c>udp</c>, <c>unix</c>, <c>unix-datagram</c> or <c>unix-seqpacket</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Address and port, or <c>unix</c>.</summary>
    public required string Client { get; init; }

    /// <summary>Null: it has none, and no <see cref="Backend"/>.</summary>
    public string? Upstream { get; init; }

    /// <summary>Its id within the upstream.</summary>
    public string? Backend { get; init; }

    public required DateTimeOffset Began { get; init; }

    public required TimeSpan Age { get; init; }

    /// <summary>From the client.</summary>
    public required long BytesIn { get; init; }

    /// <summary>To the client.</summary>
    public required long BytesOut { get; init; }

    public required SessionState State { get; init; }
}
