namespace Fulcrum.Linux.Netlink.Neighbors;

/// <summary>The neighbors on links, IPv4 (ARP) and IPv6 (NDP), and what is answered for others.</summary>
public sealed class NetworkNeighbors : ReplaceableTable<Neighbor>
{
    internal NetworkNeighbors(NetlinkConnection connection, NetlinkOpening open)
        : base(connection, open, new NeighborCodec()) { }

    /// <summary>The addresses that this machine answers for; they are not among the others.</summary>
    /// <exception cref="NetlinkException"/>
    public Task<IReadOnlyList<Neighbor>> ListProxiesAsync(CancellationToken cancellation = default) =>
        AskAsync("list proxied neighbors", NetlinkFlags.Dump, NeighborCodec.EncodeProxyQuestion, cancellation);
}
