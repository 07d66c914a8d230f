namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>
/// The filters of an interface's clsact, at ingress and at egress. The kernel knows them by interface, direction,
/// priority, protocol, chain and handle.
/// </summary>
public sealed class TrafficFilters : ReplaceableTable<TrafficFilter>
{
    internal TrafficFilters(NetlinkConnection connection, NetlinkOpening open)
        : base(connection, open, new TrafficFilterCodec()) { }

    /// <summary>Those of one interface and direction, of all chains. Without such an interface there are none.</summary>
    /// <exception cref="NetlinkException">There is no clsact, for example.</exception>
    public Task<IReadOnlyList<TrafficFilter>> ListAsync(
        int link,
        TrafficDirection direction,
        CancellationToken cancellation = default
    ) =>
        AskAsync(
            $"list filters of interface {link}",
            NetlinkFlags.Dump,
            writer => TrafficFilterCodec.EncodePlace(writer, link, direction),
            cancellation
        );
}
