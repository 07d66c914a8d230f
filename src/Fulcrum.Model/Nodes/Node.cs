using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Nodes;

/// <summary>One running Fulcrum: what differs between the nodes that share a file.</summary>
public sealed record Node : INamed
{
    public required string Name { get; init; }

    public Labels Labels { get; init; } = Labels.Empty;

    /// <summary>Its own addresses, at most one of each family.</summary>
    public Items<IPAddress> Addresses { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>The highest is preferred for the active role. Null: by the order written.</summary>
    public int? Priority { get; init; }

    /// <summary>Loops of the proxy plane. Null: one for each core.</summary>
    public int? Threads { get; init; }

    /// <summary>TLS handshakes with clients that may be under way at once, on all loops together.</summary>
    public int Handshakes { get; init; } = 4096;

    /// <summary>Interfaces where the kernel takes over sessions of datagrams. None: it takes over none.</summary>
    public Items<string> Offload { get; init; }
}
