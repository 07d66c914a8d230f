namespace Fulcrum.Forwarding.Xdp;

/// <summary>
/// What is fixed when the program is loaded. A feature that is off is not in the program at all, and costs nothing.
/// </summary>
internal sealed record XdpOptions
{
    /// <summary>Linux 5.18 can copy bytes of a frame in the driver.</summary>
    private static readonly bool CanTap = Environment.OSVersion.Version >= new Version(5, 18);

    /// <summary>All features, and room for nothing: to see whether the kernel takes the program.</summary>
    public static XdpOptions Smallest { get; } =
        new()
        {
            MostConnections = 1,
            MostHandshakes = 1,
            MostVips = 1,
            MostBackends = 1,
        };

    /// <summary>The same on all nodes of a group: then any of them picks the same backend.</summary>
    public ulong HashSeed { get; init; }

    public bool HasVlans { get; init; } = true;

    public bool HasIPv6 { get; init; } = true;

    /// <summary>Services at ranges of ports, or all.</summary>
    public bool HasRanges { get; init; } = true;

    /// <summary>Services at many addresses.</summary>
    public bool HasPrefixes { get; init; } = true;

    /// <summary>Services with lists of clients.</summary>
    public bool HasSources { get; init; } = true;

    /// <summary>Flows stay where they are while rings change.</summary>
    public bool HasConnections { get; init; } = true;

    /// <summary>NAT cannot do without them.</summary>
    public bool KeepsConnections => HasConnections || HasNat;

    public bool HasTunnels { get; init; } = true;

    public bool HasNat { get; init; } = true;

    /// <summary>Somebody may look at packets while they go through, where the kernel can.</summary>
    public bool HasTap { get; init; } = CanTap;

    /// <summary>
    /// Back out of the same interface by the driver's own ring; else by a redirect, which veth needs unless its peer has a
    /// program.
    /// </summary>
    public bool Transmits { get; init; } = true;

    /// <summary>Fragments at the address of a vip are the kernel's, or nobody's.</summary>
    public bool PassesFragments { get; init; }

    /// <summary>The same for options of IPv4 and extension headers of IPv6.</summary>
    public bool PassesOptions { get; init; }

    /// <summary>Of silence, after which a flow is forgotten; null: never, but the table may forget the longest silent one.</summary>
    public TimeSpan? TcpIdle { get; init; }

    public TimeSpan? UdpIdle { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After a FIN or RST of the client.</summary>
    public TimeSpan? ClosingIdle { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After so long without <see cref="XdpProgram.Attend"/> everything passes; null: never.</summary>
    public TimeSpan? AttendedFor { get; init; }

    /// <summary>Flows that come without a handshake and may be stored on each processor in a second.</summary>
    public uint MostFresh { get; init; } = 125_000;

    /// <summary>ICMP errors that each processor may tell in a second.</summary>
    public uint MostErrors { get; init; } = 1000;

    /// <summary>Of the ports that connections have on their way to a backend, with NAT of the source.</summary>
    public ushort FirstPort { get; init; } = 1024;

    public ushort PortCount { get; init; } = 64_512;

    /// <summary>Connections that are known at once; of NAT in both directions.</summary>
    public int MostConnections { get; init; } = 1 << 20;

    /// <summary>Sets of four of those that had a packet lately: a quarter of all may be found there.</summary>
    public int RecentSets => KeepsConnections ? Math.Max(1, MostConnections / 16) : 1;

    /// <summary>Handshakes of NAT that are known at once.</summary>
    public int MostHandshakes { get; init; } = 1 << 16;

    public int MostVips { get; init; } = 4096;

    public int MostBackends { get; init; } = 4096;
}
