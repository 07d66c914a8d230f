using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Neighbors;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Netlink.Rules;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Linux.Netlink;

/// <summary>
/// The network configuration of one namespace (rtnetlink(7)), as <c>ip</c> shows and changes it. May be used by any
/// number of callers at once; they take turns.
/// </summary>
public sealed class Rtnetlink : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NetlinkConnection _connection;

    /// <param name="open">Opens sockets in the namespace that is meant, from whatever thread.</param>
    public Rtnetlink(NetlinkOpening open, TimeProvider time)
    {
        _connection = new(() => open(NetlinkProtocol.Route), time, Patience);
        Links = new(_connection, open);
        Addresses = new(_connection, open);
        Routes = new(_connection, open);
        Rules = new(_connection, open);
        Neighbors = new(_connection, open);
        Disciplines = new(_connection, open);
        Filters = new(_connection, open);
    }

    public NetworkLinks Links { get; }

    public InterfaceAddresses Addresses { get; }

    public NetworkRoutes Routes { get; }

    public RoutingRules Rules { get; }

    public NetworkNeighbors Neighbors { get; }

    public QueueDisciplines Disciplines { get; }

    public TrafficFilters Filters { get; }

    public void Dispose() => _connection.Dispose();
}
