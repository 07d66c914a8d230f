using System.Net;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Netlink.Routes;

/// <summary>Routes of all tables, IPv4 and IPv6.</summary>
public sealed class NetworkRoutes : ReplaceableTable<NetworkRoute>
{
    internal NetworkRoutes(NetlinkConnection connection, NetlinkOpening open)
        : base(connection, open, new NetworkRouteCodec()) { }

    /// <summary>The route by which a packet to an address leaves this machine; null: it does not.</summary>
    /// <exception cref="NetlinkException"/>
    public async Task<NetworkRoute?> FindAsync(IPAddress destination, CancellationToken cancellation = default)
    {
        try
        {
            var found = await AskAsync(
                $"find the way to {destination}",
                NetlinkFlags.None,
                writer => NetworkRouteCodec.EncodeQuestion(writer, destination),
                cancellation
            );
            return found is [{ } route] ? route : null;
        }
        catch (NetlinkException exception) when (exception.Error is Errno.NetworkUnreachable or Errno.HostUnreachable)
        {
            return null;
        }
    }

    /// <summary>Those of one table only: the kernel leaves out the others, of which a router may have very many.</summary>
    /// <exception cref="NetlinkException"/>
    public async Task<IReadOnlyList<NetworkRoute>> ListAsync(
        SocketFamily family,
        uint table,
        CancellationToken cancellation = default
    )
    {
        try
        {
            var routes = await AskAsync(
                $"list routes of table {table}",
                NetlinkFlags.Dump,
                writer => NetworkRouteCodec.EncodeQuestion(writer, (byte)family, table),
                cancellation
            );
            // A kernel before 4.20 does not choose.
            return [.. routes.Where(route => route.Table == table)];
        }
        catch (NetlinkException exception) when (exception.Error == Errno.NotFound)
        {
            // Nobody has put a route into it yet.
            return [];
        }
    }
}
