using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;

namespace Fulcrum.Forwarding.Vips;

/// <summary>What goes on by itself: telling of changes, and telling the kernel what is still wanted.</summary>
public sealed partial class VipAddresses
{
    /// <summary>Those that are due soon go along: thousands that were raised one after another are renewed at once.</summary>
    private static readonly TimeSpan Along = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Signal _renewals = new();

    /// <summary>Watches the kernel and renews lifetimes until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await RunOnceAsync(cancellation);
            }
            catch (LinuxException)
            {
                // Sockets or memory ran out. The engine looks by itself from time to time.
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    private async Task RunOnceAsync(CancellationToken cancellation)
    {
        var changes = new NetworkChanges(net, Matters, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts = [changes.RunAsync(Changed, end.Token), RenewAsync(end.Token)];
        try
        {
            await await Task.WhenAny(parts);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Changed()
    {
        _isStale = true;
        _changed?.Invoke();
    }

    // What we do ourselves is no news.
    private bool Matters(NetlinkChange<InterfaceAddress> change)
    {
        var seen = change.Item!;
        if (!OwnMarks.IsVip(seen))
        {
            return true;
        }

        var isKnown = _standing.TryGetValue(seen.Address, out var known) && known.IsAt(seen);
        return change.Kind == NetlinkChangeKind.Gone
            ? isKnown
            : !isKnown || (known!.IsComing && !seen.Flags.HasFlag(InterfaceAddressFlags.Tentative));
    }

    /// <summary>After a third of the lifetime, so that two attempts more may fail.</summary>
    /// <param name="whole">The lifetime.</param>
    /// <param name="left">Of it.</param>
    private DateTimeOffset? RenewalOf(TimeSpan? whole, TimeSpan? left)
    {
        if (whole is not { } lifetime)
        {
            return null;
        }

        var wait = (left ?? lifetime) - (lifetime * 2 / 3);
        return time.GetUtcNow() + (wait < TimeSpan.Zero ? TimeSpan.Zero : wait);
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        await using var alarm = time.CreateTimer(
            _ => _renewals.Ring(),
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        while (true)
        {
            if (_standing.Values.Min(standing => standing.RenewAt) is { } next)
            {
                var wait = next - time.GetUtcNow();
                if (wait <= TimeSpan.Zero)
                {
                    await RenewDueAsync(cancellation);
                    continue;
                }

                alarm.Change(wait, Timeout.InfiniteTimeSpan);
            }

            await _renewals.WaitAsync(cancellation);
        }
    }

    private async Task RenewDueAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var soon = time.GetUtcNow() + Along;
            var due = _standing.Values.Where(standing => standing.RenewAt <= soon).ToList();
            var outcome = await net.Addresses.ReplaceAsync([.. due.Select(standing => standing.Kernel!)], cancellation);
            foreach (var (standing, error) in due.Zip(outcome))
            {
                _standing[standing.Raised.Key] = standing with
                {
                    RenewAt = RenewalOf(standing.Kernel!.ValidFor, standing.Kernel.ValidFor),
                };
                if (error is not null)
                {
                    // What was wrong is said when the engine sets it again.
                    Changed();
                }
            }

            return;
        }
        catch (NetlinkException)
        {
            Changed();
        }
        finally
        {
            _turn.Release();
        }

        await Task.Delay(Pause, time, cancellation);
    }
}
