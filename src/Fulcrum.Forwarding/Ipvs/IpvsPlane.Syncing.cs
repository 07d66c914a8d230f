using Fulcrum.Linux;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Model;

namespace Fulcrum.Forwarding.Ipvs;

/// <summary>
/// What is said of the table as a whole: time-outs, and the two daemons by which nodes tell each other of connections.
/// Every node runs both, so that none of them needs to know which of them is active.
/// </summary>
public sealed partial class IpvsPlane
{
    private static readonly IpvsDaemonRole[] Roles = [IpvsDaemonRole.Master, IpvsDaemonRole.Backup];

    private async Task SettleSyncAsync(CancellationToken cancellation)
    {
        var settings = _translation.Table.Ipvs;
        try
        {
            await SetTimeoutsAsync(settings, cancellation);
            if (settings.Sync is not { } sync)
            {
                await EndSyncAsync(cancellation);
                return;
            }

            var running = await _kernel!.ListDaemonsAsync(cancellation);
            foreach (var role in Roles)
            {
                var wanted = DaemonOf(sync, role);
                var there = running.FirstOrDefault(daemon => daemon.Role == role);
                if (there is not null && !IsAlike(wanted, there) && (_owned.HasSync || settings.Adopt))
                {
                    await _kernel.StopAsync(role, cancellation);
                    Interlocked.Increment(ref _writes);
                    there = null;
                }

                if (there is null)
                {
                    _owned.Set(_owned.Keys.ToHashSet(), hasSync: true);
                    await _kernel.StartAsync(wanted, cancellation);
                    Interlocked.Increment(ref _writes);
                }
                else if (IsAlike(wanted, there))
                {
                    _owned.Set(_owned.Keys.ToHashSet(), hasSync: _owned.HasSync || settings.Adopt);
                }
                else
                {
                    Fail(
                        $"a synchronisation daemon ({there}) runs already, with other settings, and somebody else started it"
                    );
                }
            }
        }
        catch (Exception error)
            when (error is NetlinkException or LinuxException or IOException or UnauthorizedAccessException)
        {
            Fail(error.Message);
        }
    }

    private async Task EndSyncAsync(CancellationToken cancellation)
    {
        if (!_owned.HasSync || _kernel is null)
        {
            return;
        }

        try
        {
            foreach (var daemon in await _kernel.ListDaemonsAsync(cancellation))
            {
                await _kernel.StopAsync(daemon.Role, cancellation);
                Interlocked.Increment(ref _writes);
            }

            _owned.Set(_owned.Keys.ToHashSet(), hasSync: false);
        }
        catch (Exception error)
            when (error is NetlinkException or LinuxException or IOException or UnauthorizedAccessException)
        {
            Fail(error.Message);
        }
    }

    private async Task SetTimeoutsAsync(IpvsSettings settings, CancellationToken cancellation)
    {
        if (settings is { TcpTimeout: null, TcpFinTimeout: null, UdpTimeout: null })
        {
            return;
        }

        var now = await _kernel!.GetTimeoutsAsync(cancellation);
        var wanted = new IpvsTimeouts(
            settings.TcpTimeout ?? now.Tcp,
            settings.TcpFinTimeout ?? now.TcpFinished,
            settings.UdpTimeout ?? now.Udp
        );
        if (wanted != now)
        {
            await _kernel.SetTimeoutsAsync(wanted, cancellation);
            Interlocked.Increment(ref _writes);
        }
    }

    private static IpvsDaemon DaemonOf(IpvsSync sync, IpvsDaemonRole role) =>
        new()
        {
            Role = role,
            Interface = sync.Interface,
            SyncId = (uint)sync.Id,
            Group = sync.Group,
            Port = (ushort)sync.Port,
            TimeToLive = (byte)sync.Ttl,
        };

    private static bool IsAlike(IpvsDaemon wanted, IpvsDaemon there) =>
        wanted.Interface == there.Interface
        && wanted.SyncId == there.SyncId
        && wanted.Port == there.Port
        && Equals(wanted.Group, there.Group)
        && wanted.TimeToLive == there.TimeToLive;
}
