using System.Net;

namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>What a filter does with a packet that it matches (tc-actions(8)).</summary>
/// <param name="Kind">As the kernel calls it.</param>
public abstract record TrafficAction(string Kind)
{
    /// <summary>What comes next.</summary>
    public TrafficVerdict Then { get; init; } = TrafficVerdict.Pipe;

    /// <summary>Whatever its maker wants to know it by: 16 characters of one byte each at most. The kernel only keeps it.</summary>
    public string? Cookie { get; init; }
}

/// <summary>Nothing but what comes next.</summary>
public sealed record PlainAction() : TrafficAction("gact");

/// <summary>The packet's mark becomes <paramref name="Mark"/>, in the bits of <paramref name="Mask"/>.</summary>
public sealed record MarkAction(uint Mark, uint Mask = uint.MaxValue) : TrafficAction("skbedit");

/// <summary>Connection tracking sees the packet, and may translate its addresses (tc-ct(8), since Linux 5.3).</summary>
public sealed record TrackingAction(TrackingFlags Flags) : TrafficAction("ct")
{
    /// <summary>Connections of one zone are unknown in another.</summary>
    public ushort Zone { get; init; }

    /// <summary>The first of the addresses that one is taken from.</summary>
    public IPAddress? First { get; init; }

    /// <summary>The last one; null: there is one only.</summary>
    public IPAddress? Last { get; init; }

    public TrafficPorts? Ports { get; init; }
}

/// <summary>One that nothing more is known of, and that is not written.</summary>
public sealed record OtherAction(string Name) : TrafficAction(Name);

/// <summary>What connection tracking shall do (TCA_CT_ACT_*).</summary>
[Flags]
public enum TrackingFlags : ushort
{
    None = 0,

    /// <summary>A new connection is kept.</summary>
    Commit = 1,
    Force = 2,
    Clear = 4,

    /// <summary>Addresses are translated: as kept of the connection, or of a new one as the next flags say.</summary>
    Translate = 8,
    Source = 16,
    Destination = 32,
}
