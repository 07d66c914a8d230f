using System.Net;

namespace Fulcrum.Model;

/// <summary>What the kernel's own balancer is told as a whole, whatever services it carries.</summary>
public sealed record IpvsSettings
{
    public static IpvsSettings Default { get; } = new();

    /// <summary>A connection without a packet for so long is forgotten; whole seconds. Null: as the kernel has it.</summary>
    public TimeSpan? TcpTimeout { get; init; }

    /// <summary>The same after a FIN.</summary>
    public TimeSpan? TcpFinTimeout { get; init; }

    public TimeSpan? UdpTimeout { get; init; }

    /// <summary>What somebody else made in a place that a service is to have becomes ours; else it is left, and told of.</summary>
    public bool Adopt { get; init; }

    /// <summary>Connections are told to the other nodes, and theirs are known here. Null: no.</summary>
    public IpvsSync? Sync { get; init; }
}

/// <summary>The kernel's synchronisation daemons: each node tells what it has and hears what the others have.</summary>
public sealed record IpvsSync
{
    /// <summary>Where the messages go out and come in.</summary>
    public required string Interface { get; init; }

    /// <summary>0..255: nodes of the same number hear each other.</summary>
    public int Id { get; init; }

    /// <summary>Multicast, of either family.</summary>
    public IPAddress Group { get; init; } = IPAddress.Parse("224.0.0.81");

    public int Port { get; init; } = 8848;

    /// <summary>Routers that a message may pass, 1..255.</summary>
    public int Ttl { get; init; } = 1;
}
