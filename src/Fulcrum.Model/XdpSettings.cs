using Fulcrum.Model.Values;

namespace Fulcrum.Model;

/// <summary>What becomes of packets that are nobody's to balance but whose vip is ours.</summary>
public enum OddPackets
{
    Drop,

    /// <summary>The kernel gets them as they came.</summary>
    Pass,
}

/// <summary>What becomes of traffic while there is no process that looks after the tables.</summary>
public enum WhenGone
{
    /// <summary>It goes on by the tables as they are.</summary>
    Keep,

    /// <summary>The kernel gets all of it, as if there were no balancer.</summary>
    Withdraw,
}

/// <summary>What planes <c>xdp</c> and <c>tc</c> are told as a whole, whatever services they carry.</summary>
public sealed record XdpSettings
{
    public static XdpSettings Default { get; } = new();

    /// <summary>Where frames of clients, and answers of backends, come in. None: the planes are not used.</summary>
    public Items<string> Interfaces { get; init; }

    /// <summary>XDP may run in the kernel where the driver cannot: it is slow, and breaks long streams of bulk.</summary>
    public bool Generic { get; init; }

    /// <summary>The same on all nodes of a group: then any of them picks the same backend.</summary>
    public int HashSeed { get; init; }

    /// <summary>Connections that are known at once, and those of NAT as many again.</summary>
    public int Connections { get; init; } = 262_144;

    /// <summary>A TCP connection without a packet for so long is forgotten. Null: only to make room.</summary>
    public TimeSpan? TcpIdle { get; init; }

    /// <summary>The same of datagrams.</summary>
    public TimeSpan UdpIdle { get; init; } = TimeSpan.FromMinutes(1);

    public OddPackets Fragments { get; init; }

    /// <summary>Of IPv4, and extension headers of IPv6.</summary>
    public OddPackets Options { get; init; }

    public WhenGone WhenGone { get; init; }
}
