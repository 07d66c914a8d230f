using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Peers;

/// <summary>The other end of a routing conversation.</summary>
public sealed record Peer : INamed
{
    public required string Name { get; init; }

    public Labels Labels { get; init; } = Labels.Empty;

    /// <summary>The nodes that talk to it. Nothing: all.</summary>
    public Selector Nodes { get; init; } = Selector.Everything;

    public required BgpPeer Bgp { get; init; }
}

/// <summary>A BGP speaker.</summary>
public sealed record BgpPeer
{
    public required IPAddress Address { get; init; }

    /// <summary>The interface of a link-local address.</summary>
    public string? Interface { get; init; }

    public int Port { get; init; } = 179;

    /// <summary>Its AS number.</summary>
    public required uint As { get; init; }

    public required uint LocalAs { get; init; }

    public IPAddress? Source { get; init; }

    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Null: a third of the hold time.</summary>
    public TimeSpan? Keepalive { get; init; }

    public TimeSpan ConnectRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>TCP MD5 (RFC 2385).</summary>
    public SecretReference? Password { get; init; }

    public IPAddress? RouterId { get; init; }

    /// <summary>Hops that the peer may be away; 1 is directly connected.</summary>
    public int MultiHop { get; init; } = 1;

    public bool GracefulRestart { get; init; }

    /// <summary>We wait for it to connect.</summary>
    public bool Passive { get; init; }

    public BfdSession? Bfd { get; init; }
}

/// <summary>Liveness in milliseconds (RFC 5880).</summary>
public sealed record BfdSession
{
    public TimeSpan Receive { get; init; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan Transmit { get; init; } = TimeSpan.FromMilliseconds(300);

    public int Multiplier { get; init; } = 3;
}
