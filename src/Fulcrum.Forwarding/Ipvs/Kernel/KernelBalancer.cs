using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Forwarding.Ipvs.Kernel;

/// <summary>The table of the network namespace that sockets are opened in.</summary>
internal sealed class KernelBalancer(IpvsControl control) : IKernelBalancer
{
    /// <summary>Null: this kernel has none, and none can be loaded.</summary>
    /// <exception cref="NetlinkException"/>
    public static async Task<IKernelBalancer?> OpenAsync(
        NetlinkOpening open,
        TimeProvider time,
        CancellationToken cancellation
    ) => await IpvsControl.OpenAsync(open, time, cancellation) is { } control ? new KernelBalancer(control) : null;

    public Task<IReadOnlyList<IpvsService>> ListServicesAsync(CancellationToken cancellation) =>
        control.ListServicesAsync(cancellation);

    public Task<IReadOnlyList<IpvsDestination>> ListServersAsync(
        IpvsServiceKey service,
        CancellationToken cancellation
    ) => control.ListDestinationsAsync(service, cancellation);

    public async Task<IReadOnlyList<NetlinkError?>> ApplyAsync(
        IReadOnlyList<KernelChange> changes,
        CancellationToken cancellation
    )
    {
        using var messages = control.NewChanges();
        foreach (var change in changes)
        {
            switch (change)
            {
                case AddService add:
                    messages.Add(add.Service);
                    break;
                case ChangeService other:
                    messages.Change(other.Service);
                    break;
                case RemoveService remove:
                    messages.Delete(remove.Key);
                    break;
                case AddServer add:
                    messages.Add(add.Key, add.Server);
                    break;
                case ChangeServer other:
                    messages.Change(other.Key, other.Server);
                    break;
                case RemoveServer remove:
                    messages.Delete(remove.Key, remove.Server);
                    break;
            }
        }

        return await control.ApplyAsync(messages, cancellation);
    }

    public Task<IReadOnlyList<IpvsDaemon>> ListDaemonsAsync(CancellationToken cancellation) =>
        control.ListDaemonsAsync(cancellation);

    public Task StartAsync(IpvsDaemon daemon, CancellationToken cancellation) =>
        control.StartAsync(daemon, cancellation);

    public Task StopAsync(IpvsDaemonRole role, CancellationToken cancellation) => control.StopAsync(role, cancellation);

    public Task<IpvsTimeouts> GetTimeoutsAsync(CancellationToken cancellation) =>
        control.GetTimeoutsAsync(cancellation);

    public Task SetTimeoutsAsync(IpvsTimeouts timeouts, CancellationToken cancellation) =>
        control.SetTimeoutsAsync(timeouts, cancellation);

    public void Dispose() => control.Dispose();
}
