namespace Fulcrum.Model.Sockets;

/// <summary>What the kernel is told of a socket. A null: nothing, or what a farther place says.</summary>
public sealed record SocketTuning
{
    public static SocketTuning Unset { get; } = new();

    public KeepAlive? KeepAlive { get; init; }

    /// <summary>TCP: what was sent and not acknowledged for so long ends the connection (RFC 5482).</summary>
    public TimeSpan? UserTimeout { get; init; }

    /// <summary>TCP: data may come with the SYN (RFC 7413).</summary>
    public bool? FastOpen { get; init; }

    /// <summary>Firewall mark of its packets.</summary>
    public uint? Mark { get; init; }

    /// <summary>Differentiated services code point of its packets (RFC 2474), 0..63.</summary>
    public int? Dscp { get; init; }

    /// <summary>This with what it leaves open taken from a farther place.</summary>
    public SocketTuning Over(SocketTuning farther) =>
        ReferenceEquals(farther, Unset) || ReferenceEquals(this, farther) ? this
        : ReferenceEquals(this, Unset) ? farther
        : new()
        {
            KeepAlive = KeepAlive ?? farther.KeepAlive,
            UserTimeout = UserTimeout ?? farther.UserTimeout,
            FastOpen = FastOpen ?? farther.FastOpen,
            Mark = Mark ?? farther.Mark,
            Dscp = Dscp ?? farther.Dscp,
        };
}
