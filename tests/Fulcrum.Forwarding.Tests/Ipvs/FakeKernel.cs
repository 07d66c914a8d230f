using System.Net;
using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Linux;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Forwarding.Tests.Ipvs;

/// <summary>A table that answers as the kernel's does.</summary>
internal sealed class FakeKernel : IKernelBalancer
{
    private readonly Dictionary<
        IpvsServiceKey,
        (IpvsService Service, Dictionary<IPEndPoint, IpvsDestination> Servers)
    > _all = [];

    public List<KernelChange> Written { get; } = [];

    public HashSet<string> Missing { get; } = [];

    public List<IpvsDaemon> Daemons { get; } = [];

    /// <summary>There is an interface to synchronise on.</summary>
    public bool HasInterface { get; set; } = true;

    public IpvsTimeouts Timeouts { get; private set; } =
        new(TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(300));

    /// <summary>As <c>ipvsadm -Sn</c> would show it, nearly.</summary>
    public IReadOnlyList<string> Lines =>
        [
            .. _all
                .Values.SelectMany(one =>
                    one.Servers.Values.Select(server => $"{one.Service.Key} <- {Describe(server)}")
                        .Prepend($"{one.Service.Key} {Describe(one.Service)}")
                )
                .Order(StringComparer.Ordinal),
        ];

    public void Connect(IPEndPoint server, uint active)
    {
        foreach (var (_, servers) in _all.Values)
        {
            if (servers.TryGetValue(server, out var there))
            {
                servers[server] = there with { Connections = new(active, 0, 0) };
            }
        }
    }

    public Task<IReadOnlyList<IpvsService>> ListServicesAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<IpvsService>>([.. _all.Values.Select(one => one.Service)]);

    public Task<IReadOnlyList<IpvsDestination>> ListServersAsync(
        IpvsServiceKey service,
        CancellationToken cancellation
    ) =>
        Task.FromResult<IReadOnlyList<IpvsDestination>>(
            _all.TryGetValue(service, out var one) ? [.. one.Servers.Values] : []
        );

    public Task<IReadOnlyList<NetlinkError?>> ApplyAsync(
        IReadOnlyList<KernelChange> changes,
        CancellationToken cancellation
    )
    {
        Written.AddRange(changes);
        return Task.FromResult<IReadOnlyList<NetlinkError?>>([
            .. changes.Select(change => Do(change) is var error and not Errno.None ? new NetlinkError(error) : null),
        ]);
    }

    public Errno Do(KernelChange change)
    {
        var isThere = _all.TryGetValue(change.Key, out var one);
        switch (change)
        {
            case AddService add:
                if (isThere || Missing.Contains(add.Service.Scheduler))
                {
                    return isThere ? Errno.Exists : Errno.NotFound;
                }

                _all[change.Key] = (add.Service, []);
                return Errno.None;
            case ChangeService other:
                if (!isThere || Missing.Contains(other.Service.Scheduler))
                {
                    return isThere ? Errno.NotFound : Errno.NoProcess;
                }

                _all[change.Key] = (other.Service, one.Servers);
                return Errno.None;
            case RemoveService:
                return _all.Remove(change.Key) ? Errno.None : Errno.NoProcess;
            case AddServer add:
                return !isThere ? Errno.NoProcess
                    : one.Servers.TryAdd(KernelState.EndpointOf(add.Server), add.Server) ? Errno.None
                    : Errno.Exists;
            case ChangeServer other:
                if (!isThere || !one.Servers.TryGetValue(KernelState.EndpointOf(other.Server), out var there))
                {
                    return isThere ? Errno.NotFound : Errno.NoProcess;
                }

                one.Servers[KernelState.EndpointOf(other.Server)] = other.Server with
                {
                    Connections = there.Connections,
                };
                return Errno.None;
            case RemoveServer remove:
                return !isThere ? Errno.NoProcess
                    : one.Servers.Remove(KernelState.EndpointOf(remove.Server)) ? Errno.None
                    : Errno.NotFound;
            default:
                throw new ArgumentException($"no change {change}", nameof(change));
        }
    }

    public Task<IReadOnlyList<IpvsDaemon>> ListDaemonsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<IpvsDaemon>>([.. Daemons]);

    public Task StartAsync(IpvsDaemon daemon, CancellationToken cancellation)
    {
        if (!HasInterface)
        {
            throw new NetlinkException(Errno.NoDevice, "", "start");
        }

        Daemons.Add(daemon);
        return Task.CompletedTask;
    }

    public Task StopAsync(IpvsDaemonRole role, CancellationToken cancellation)
    {
        Daemons.RemoveAll(daemon => daemon.Role == role);
        return Task.CompletedTask;
    }

    public Task<IpvsTimeouts> GetTimeoutsAsync(CancellationToken cancellation) => Task.FromResult(Timeouts);

    public Task SetTimeoutsAsync(IpvsTimeouts timeouts, CancellationToken cancellation)
    {
        Timeouts = timeouts;
        return Task.CompletedTask;
    }

    public void Dispose() { }

    private static string Describe(IpvsService service) =>
        string.Join(
            ' ',
            new[]
            {
                service.Scheduler,
                service.Flags == IpvsServiceFlags.None ? null : $"[{service.Flags}]",
                service.Timeout == TimeSpan.Zero
                    ? null
                    : $"{service.Timeout.TotalSeconds}s/{service.PersistencePrefix}",
                service.PersistenceEngine,
            }.OfType<string>()
        );

    private static string Describe(IpvsDestination server) =>
        $"{server} {server.Forwarding} {server.Weight}"
        + (server.UpperThreshold > 0 ? $" {server.LowerThreshold}..{server.UpperThreshold}" : "")
        + (
            server.Forwarding == IpvsForwarding.Tunnel
                ? $" {server.Tunnel} {server.TunnelPort} {server.TunnelFlags}"
                : ""
        );
}
