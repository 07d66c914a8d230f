using System.Net;

namespace Fulcrum.Forwarding.SourceNat;

/// <summary>A backend that shall see an address of ours instead of the client's.</summary>
public sealed record SourceRule
{
    public required IPAddress Backend { get; init; }

    /// <summary>The number of the protocol above IP: TCP, UDP or SCTP.</summary>
    public required byte Protocol { get; init; }

    /// <summary>Null: whichever the client used.</summary>
    public ushort? Port { get; init; }

    /// <summary>The first of our addresses, of the backend's family.</summary>
    public required IPAddress First { get; init; }

    /// <summary>The last of them, with all between; null: there is one only.</summary>
    public IPAddress? Last { get; init; }
}
