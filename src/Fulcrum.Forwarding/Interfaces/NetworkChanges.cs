using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Links;

namespace Fulcrum.Forwarding.Interfaces;

/// <summary>
/// Tells that interfaces or addresses are no longer as they were. Many changes at once, as when an interface comes up,
/// are told as one; and what matters to nobody is not told.
/// </summary>
/// <param name="matters">A change of an address is worth another look. It is asked from another thread.</param>
internal sealed class NetworkChanges(
    Rtnetlink net,
    Func<NetlinkChange<InterfaceAddress>, bool> matters,
    TimeProvider time
)
{
    /// <summary>A change is rarely alone.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private readonly Signal _changed = new();

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(Action changed, CancellationToken cancellation)
    {
        using var links = net.Links.Watch();
        using var addresses = net.Addresses.Watch();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts =
        [
            OfLinksAsync(links, end.Token),
            OfAddressesAsync(addresses, end.Token),
            TellAsync(changed, end.Token),
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

    private async Task TellAsync(Action changed, CancellationToken cancellation)
    {
        while (true)
        {
            _ = await _changed.WaitAsync(cancellation);
            await Task.Delay(Gathering, time, cancellation);
            _changed.Hush();
            changed();
        }
    }

    // The kernel tells of a link also when nothing of what we know of it changed.
    private async Task OfLinksAsync(NetlinkWatch<NetworkLink> watch, CancellationToken cancellation)
    {
        var known = new Dictionary<int, NetworkLink>();
        await foreach (var change in watch.ReadAsync(cancellation))
        {
            if (change.Item is not { } link)
            {
                known.Clear();
                _changed.Ring();
            }
            else if (change.Kind == NetlinkChangeKind.Gone)
            {
                known.Remove(link.Index);
                _changed.Ring();
            }
            else if (!known.TryGetValue(link.Index, out var before) || !before.Equals(link))
            {
                known[link.Index] = link;
                _changed.Ring();
            }
        }
    }

    private async Task OfAddressesAsync(NetlinkWatch<InterfaceAddress> watch, CancellationToken cancellation)
    {
        await foreach (var change in watch.ReadAsync(cancellation))
        {
            if (change.Kind == NetlinkChangeKind.LookAnew || matters(change))
            {
                _changed.Ring();
            }
        }
    }
}
