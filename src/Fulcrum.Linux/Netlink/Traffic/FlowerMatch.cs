using System.Net;

namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>What a packet must be for a filter of kind flower (tc-flower(8)). What is null matches everything.</summary>
public sealed record FlowerMatch
{
    /// <summary>The number of the protocol above IP.</summary>
    public byte? Protocol { get; init; }

    public IPNetwork? Source { get; init; }

    public IPNetwork? Destination { get; init; }

    /// <summary>
    /// Whether it is a part of a datagram. Neither the first part nor the others have ports here: flower does not look
    /// into any of them.
    /// </summary>
    public bool? IsFragment { get; init; }

    /// <summary>Only with TCP, UDP or SCTP. Several ports: since Linux 5.1.</summary>
    public TrafficPorts? SourcePorts { get; init; }

    /// <inheritdoc cref="SourcePorts"/>
    public TrafficPorts? DestinationPorts { get; init; }
}
