using System.Net;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Forwarding.Ipvs.Kernel;

/// <summary>
/// What the kernel's table has, as far as it was read and changed since. Owned by one task at a time. Of services of
/// others it knows no more than that they are there.
/// </summary>
internal sealed class KernelState
{
    private readonly Dictionary<IpvsServiceKey, Entry> _services = [];

    /// <summary>Schedulers that the kernel has, since some service has them.</summary>
    public HashSet<string> Schedulers { get; } = new(StringComparer.Ordinal);

    public IEnumerable<IpvsServiceKey> Keys => _services.Keys;

    public bool Has(IpvsServiceKey key) => _services.ContainsKey(key);

    public Entry? Find(IpvsServiceKey key) => _services.GetValueOrDefault(key);

    /// <summary>Reads the table.</summary>
    /// <param name="isOurs">Whose servers are read, too.</param>
    /// <exception cref="NetlinkException"/>
    public static async Task<KernelState> ReadAsync(
        IKernelBalancer kernel,
        Func<IpvsServiceKey, bool> isOurs,
        CancellationToken cancellation
    )
    {
        var state = new KernelState();
        foreach (var service in await kernel.ListServicesAsync(cancellation))
        {
            var entry = new Entry(service);
            state._services[service.Key] = entry;
            state.Schedulers.Add(service.Scheduler);
            if (isOurs(service.Key))
            {
                foreach (var server in await kernel.ListServersAsync(service.Key, cancellation))
                {
                    entry.Servers[EndpointOf(server)] = server;
                }
            }
        }

        return state;
    }

    public static IPEndPoint EndpointOf(IpvsDestination server) => new(server.Address, server.Port);

    /// <summary>The kernel did it.</summary>
    public void Done(KernelChange change)
    {
        switch (change)
        {
            case AddService add:
                _services[add.Key] = new(add.Service);
                Schedulers.Add(add.Service.Scheduler);
                break;
            case ChangeService other:
                _services[other.Key].Service = other.Service;
                Schedulers.Add(other.Service.Scheduler);
                break;
            case RemoveService:
                _services.Remove(change.Key);
                break;
            case AddServer { Server: var server }:
                _services[change.Key].Servers[EndpointOf(server)] = server;
                break;
            case ChangeServer { Server: var server }:
                _services[change.Key].Servers[EndpointOf(server)] = server;
                break;
            case RemoveServer { Server: var server }:
                _services[change.Key].Servers.Remove(EndpointOf(server));
                break;
        }
    }

    internal sealed class Entry(IpvsService service)
    {
        public IpvsService Service { get; set; } = service;

        public Dictionary<IPEndPoint, IpvsDestination> Servers { get; } = [];

        /// <summary>Connections that are established.</summary>
        public long Active => Servers.Values.Sum(server => server.Connections.Active);

        /// <summary>Connections that are remembered, but not established: they begin, or have ended.</summary>
        public long Inactive => Servers.Values.Sum(server => server.Connections.Inactive);
    }
}
