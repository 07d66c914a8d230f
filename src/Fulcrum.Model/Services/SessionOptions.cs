namespace Fulcrum.Model.Services;

/// <summary>How the proxy plane keeps the sessions of a service.</summary>
public sealed record SessionOptions
{
    public static SessionOptions Default { get; } = new();

    /// <summary>A session without a byte in either direction for this long ends. Null: 10 min for streams, 30 s for UDP.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>UDP: concurrent sessions of a listener; past it the least recently used goes.</summary>
    public int MaxUdpSessions { get; init; } = 10_000;

    /// <summary>UDP: after so many datagrams from the client a session only waits for answers.</summary>
    public int? UdpRequests { get; init; }

    /// <summary>UDP: a session ends after so many datagrams from the backend; with 0 after the last from the client.</summary>
    public int? UdpResponses { get; init; }

    /// <summary>UDP in the kernel: every datagram is balanced for itself.</summary>
    public bool OnePacket { get; init; }

    /// <summary>Ended sessions stay listed for this long.</summary>
    public TimeSpan Track { get; init; } = TimeSpan.Zero;

    /// <summary>What happens to established sessions when the service stops or a backend drains.</summary>
    public DrainOptions Drain { get; init; } = DrainOptions.Default;
}

public enum RememberedClients
{
    /// <summary>Clients that persistence binds to a draining backend may still come to it.</summary>
    Finish,

    /// <summary>They are given another backend at once.</summary>
    Move,
}

/// <summary>No new connections, existing ones finish, until a deadline.</summary>
public sealed record DrainOptions
{
    public static DrainOptions Default { get; } = new();

    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    public RememberedClients Remembered { get; init; } = RememberedClients.Finish;
}
