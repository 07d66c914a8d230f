using System.Threading.Channels;
using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;

namespace Fulcrum.Forwarding.Traffic;

/// <summary>Calls for a look whenever interfaces or filters change: one came up, somebody took away a filter of ours.</summary>
internal sealed class FilterWatch(Rtnetlink net, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Until it is cancelled. A look that fails is tried again.</summary>
    /// <param name="addresses">Null: they do not matter.</param>
    public async Task RunAsync(
        Func<CancellationToken, Task<bool>> look,
        InterfaceAddresses? addresses,
        CancellationToken cancellation
    )
    {
        // However much changes meanwhile, one more look is enough.
        var changed = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );
        var links = WatchAsync(net.Links.Watch, changed.Writer, cancellation);
        // With a discipline its filters go without a word of their own.
        var disciplines = WatchAsync(net.Disciplines.Watch, changed.Writer, cancellation);
        var filters = WatchAsync(net.Filters.Watch, changed.Writer, cancellation);
        var others = addresses is null ? Task.CompletedTask : WatchAsync(addresses.Watch, changed.Writer, cancellation);
        while (await changed.Reader.WaitToReadAsync(cancellation))
        {
            _ = changed.Reader.TryRead(out _);
            if (!await look(cancellation))
            {
                await Task.Delay(Pause, time, cancellation);
                _ = changed.Writer.TryWrite(true);
            }
        }

        await Task.WhenAll(links, disciplines, filters, others);
    }

    private async Task WatchAsync<T>(
        Func<NetlinkWatch<T>> open,
        ChannelWriter<bool> changed,
        CancellationToken cancellation
    )
        where T : class
    {
        while (true)
        {
            try
            {
                using var watch = open();
                await foreach (var change in watch.ReadAsync(cancellation))
                {
                    _ = changed.TryWrite(true);
                }
            }
            catch (LinuxException)
            {
                // Nothing is known any more, so it begins anew; the first word of a new watch is to look.
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
