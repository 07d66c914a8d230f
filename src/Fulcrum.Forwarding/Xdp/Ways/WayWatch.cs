using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Neighbors;

namespace Fulcrum.Forwarding.Xdp.Ways;

/// <summary>Tells when a way may have changed: a route, an interface, or a neighbor that matters.</summary>
/// <param name="matters">Asked from another thread.</param>
internal sealed class WayWatch(Rtnetlink net, Func<Neighbor, bool> matters, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(Action changed, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await WatchAsync(changed, cancellation);
            }
            catch (LinuxException)
            {
                // Sockets or memory ran out; ways are looked at from time to time anyway.
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    private async Task WatchAsync(Action changed, CancellationToken cancellation)
    {
        using var links = net.Links.Watch();
        using var routes = net.Routes.Watch();
        using var neighbors = net.Neighbors.Watch();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts =
        [
            FollowAsync(links, static _ => true, changed, end.Token),
            FollowAsync(routes, static _ => true, changed, end.Token),
            FollowAsync(neighbors, matters, changed, end.Token),
        ];
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

    private static async Task FollowAsync<T>(
        NetlinkWatch<T> watch,
        Func<T, bool> matters,
        Action changed,
        CancellationToken cancellation
    )
        where T : class
    {
        await foreach (var change in watch.ReadAsync(cancellation))
        {
            if (change.Item is not { } item || matters(item))
            {
                changed();
            }
        }
    }
}
