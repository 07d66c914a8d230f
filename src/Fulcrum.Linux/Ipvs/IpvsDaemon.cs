using System.Net;

namespace Fulcrum.Linux.Ipvs;

/// <summary>Whether a node tells others of its connections, or hears of theirs.</summary>
public enum IpvsDaemonRole : uint
{
    Master = 1,
    Backup = 2,
}

/// <summary>The kernel's thread that shares connections with other nodes by multicast.</summary>
public sealed record IpvsDaemon
{
    public required IpvsDaemonRole Role { get; init; }

    public required string Interface { get; init; }

    /// <summary>Only those of one number hear each other, from 0 to 255.</summary>
    public required uint SyncId { get; init; }

    /// <summary>0: as much as the interface carries.</summary>
    public ushort MostBytes { get; init; }

    /// <summary>Null: the usual one, 224.0.0.81.</summary>
    public IPAddress? Group { get; init; }

    /// <summary>0: the usual one, 8848.</summary>
    public ushort Port { get; init; }

    /// <summary>0: the usual one, 1.</summary>
    public byte TimeToLive { get; init; }

    public override string ToString() => $"{Role} on {Interface}";
}
