using System.Net;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Netlink.Rules;

/// <summary>A rule that says which table routes a packet (ip-rule(8)). What is null matches everything.</summary>
public sealed record RoutingRule
{
    public required SocketFamily Family { get; init; }

    /// <summary>The smallest comes first. The kernel puts one without before all that are there, but the first.</summary>
    public uint? Priority { get; init; }

    public IPNetwork? From { get; init; }

    public IPNetwork? To { get; init; }

    /// <summary>The packet's mark, in the bits of <see cref="MarkMask"/>.</summary>
    public uint? Mark { get; init; }

    public uint MarkMask { get; init; } = uint.MaxValue;

    public string? IncomingInterface { get; init; }

    public string? OutgoingInterface { get; init; }

    /// <summary>It holds for all packets but those.</summary>
    public bool IsInverted { get; init; }

    public RuleAction Action { get; init; } = RuleAction.Lookup;

    public uint Table { get; init; }

    /// <summary>Routes with prefixes not longer than this do not count: 0 leaves out the default route.</summary>
    public int? SuppressedPrefixLength { get; init; }

    /// <summary>Who made it (since Linux 4.17).</summary>
    public byte Protocol { get; init; }

    public override string ToString() =>
        $"{Family} {(Priority is { } priority ? $"{priority}" : "without priority")} for table {Table}";
}
