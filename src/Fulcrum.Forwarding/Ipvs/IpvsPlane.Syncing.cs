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

    // Of the last commit: they hold until the end, also while what they were told with leaves.
    private IpvsSettings _settings = IpvsSettings.Default;

    /// <summary>An interface may come later than we do, and others may end a daemon: it is looked at whenever the table is.</summary>
    private async Task<IReadOnlyList<string>> SettleSettingsAsync(CancellationToken cancellation)
    {
        await SetTimeoutsAsync(_settings, cancellation);
        if (_settings.Sync is not { } sync)
        {
            await EndSyncAsync(cancellation);
            return [];
        }

        var running = await _kernel!.ListDaemonsAsync(cancellation);
        if (
            !_owned.HasSync
            && !_settings.Adopt
            && running.FirstOrDefault(daemon => !IsAlike(DaemonOf(sync, daemon.Role), daemon)) is { } other
        )
        {
            return
            [
                $"a synchronisation daemon ({other}) runs already, with other settings, and somebody else started it",
            ];
        }

        if (_settings.Adopt && running.Count > 0)
        {
            _owned.Set(_owned.Keys.ToHashSet(), hasSync: true);
        }

        var problems = new List<string>();
        foreach (var role in Roles)
        {
            var there = running.FirstOrDefault(daemon => daemon.Role == role);
            try
            {
                await SettleDaemonAsync(DaemonOf(sync, role), there, cancellation);
            }
            catch (NetlinkException error)
            {
                problems.Add($"no synchronisation as {role} on {sync.Interface}: {error.Reason}");
            }
        }

        return problems;
    }

    private async Task SettleDaemonAsync(IpvsDaemon wanted, IpvsDaemon? there, CancellationToken cancellation)
    {
        if (there is not null && IsAlike(wanted, there))
        {
            return;
        }

        if (there is not null)
        {
            await _kernel!.StopAsync(there.Role, cancellation);
            Interlocked.Increment(ref _writes);
        }

        _owned.Set(_owned.Keys.ToHashSet(), hasSync: true);
        await _kernel!.StartAsync(wanted, cancellation);
        Interlocked.Increment(ref _writes);
    }

    private async Task EndSyncAsync(CancellationToken cancellation)
    {
        if (!_owned.HasSync || _kernel is null)
        {
            return;
        }

        foreach (var daemon in await _kernel.ListDaemonsAsync(cancellation))
        {
            await _kernel.StopAsync(daemon.Role, cancellation);
            Interlocked.Increment(ref _writes);
        }

        _owned.Set(_owned.Keys.ToHashSet(), hasSync: false);
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
