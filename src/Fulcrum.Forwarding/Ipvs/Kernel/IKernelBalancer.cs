using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Forwarding.Ipvs.Kernel;

/// <summary>The kernel's table, as the plane needs it.</summary>
internal interface IKernelBalancer : IDisposable
{
    Task<IReadOnlyList<IpvsService>> ListServicesAsync(CancellationToken cancellation);

    Task<IReadOnlyList<IpvsDestination>> ListServersAsync(IpvsServiceKey service, CancellationToken cancellation);

    /// <summary>In this order; how each fared, null for done.</summary>
    Task<IReadOnlyList<NetlinkError?>> ApplyAsync(IReadOnlyList<KernelChange> changes, CancellationToken cancellation);

    Task<IReadOnlyList<IpvsDaemon>> ListDaemonsAsync(CancellationToken cancellation);

    Task StartAsync(IpvsDaemon daemon, CancellationToken cancellation);

    Task StopAsync(IpvsDaemonRole role, CancellationToken cancellation);

    Task<IpvsTimeouts> GetTimeoutsAsync(CancellationToken cancellation);

    Task SetTimeoutsAsync(IpvsTimeouts timeouts, CancellationToken cancellation);
}
