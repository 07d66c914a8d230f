namespace Fulcrum.Model.Upstreams;

public enum TunnelKind
{
    /// <summary>IP in IP, whichever versions they are (RFC 2003, RFC 2473, RFC 4213).</summary>
    Ipip,

    /// <summary>Generic routing encapsulation (RFC 2784).</summary>
    Gre,

    /// <summary>Generic UDP encapsulation (draft-ietf-intarea-gue): routers and network cards spread it by its ports.</summary>
    Gue,
}

/// <summary>What packets are wrapped into on their way to a backend.</summary>
public sealed record Tunnel
{
    public TunnelKind Kind { get; init; }

    /// <summary>For <see cref="TunnelKind.Gue"/>: the UDP port where the backend unwraps.</summary>
    public int Port { get; init; } = 6080;

    /// <summary>For <see cref="TunnelKind.Gre"/> and <see cref="TunnelKind.Gue"/>: the outer header has a checksum.</summary>
    public bool Checksum { get; init; }
}
