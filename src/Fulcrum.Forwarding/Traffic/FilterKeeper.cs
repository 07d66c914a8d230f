using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Forwarding.Traffic;

/// <summary>
/// Keeps filters of one purpose as they are wanted. They are known by the cookie of their first action, whoever runs
/// now and whoever ran before; all others are left alone. What is there is read and compared, so nothing is written
/// where nothing differs; one whose actions change is changed in its place, so that no packet passes without.
/// </summary>
internal sealed class FilterKeeper(TrafficHooks hooks, string cookie)
{
    private long _written;

    /// <summary>How many changes were asked of the kernel.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>All of this purpose that are there.</summary>
    /// <exception cref="NetlinkException"/>
    public async Task<IReadOnlyList<TrafficFilter>> ListAsync(CancellationToken cancellation)
    {
        var found = new List<TrafficFilter>();
        foreach (var link in await PlacesAsync(cancellation))
        {
            found.AddRange((await ListAsync(link, cancellation)).Where(filter => TrafficHooks.Is(filter, cookie)));
        }

        return found;
    }

    /// <summary>What should be on each interface; what could not be done.</summary>
    /// <exception cref="NetlinkException">What is there cannot be read.</exception>
    public async Task<FilterOutcome> ReconcileAsync(
        Func<NetworkLink, IEnumerable<TrafficFilter>> wanted,
        CancellationToken cancellation
    )
    {
        await hooks.Gate.WaitAsync(cancellation);
        try
        {
            var outcome = new FilterOutcome();
            var places = await PlacesAsync(cancellation);
            foreach (var link in await hooks.Net.Links.ListAsync(cancellation))
            {
                var filters = wanted(link).Select(filter => filter with { Interface = link.Index }).ToList();
                if (filters.Count == 0 && !places.Contains(link.Index))
                {
                    continue;
                }

                try
                {
                    await ReconcileAsync(link, places.Contains(link.Index), filters, outcome, cancellation);
                }
                catch (NetlinkException exception) when (exception.Error == Errno.NoDevice)
                {
                    // It went away meanwhile, and everything with it.
                }
                catch (NetlinkException exception)
                {
                    outcome.Note($"{link.Name}: {exception.Message}", exception.Error);
                }
            }

            return outcome;
        }
        finally
        {
            hooks.Gate.Release();
        }
    }

    private async Task<HashSet<int>> PlacesAsync(CancellationToken cancellation) =>
        [
            .. from discipline in await hooks.Net.Disciplines.ListAsync(cancellation)
            where discipline.HoldsFilters
            select discipline.Interface,
        ];

    private async Task ReconcileAsync(
        NetworkLink link,
        bool hasPlace,
        List<TrafficFilter> wanted,
        FilterOutcome outcome,
        CancellationToken cancellation
    )
    {
        var present = hasPlace ? await ListAsync(link.Index, cancellation) : [];
        var change = FilterChange.Between(present.Where(filter => TrafficHooks.Is(filter, cookie)), wanted);
        if (!hasPlace)
        {
            _written += await hooks.MakeAsync(link.Index, cancellation);
        }

        var filters = hooks.Net.Filters;
        Note(change.Replaced, await filters.ReplaceAsync(change.Replaced, cancellation));
        Note(change.Added, await filters.AddAsync(change.Added, cancellation));
        Note(change.Deleted, await filters.DeleteAsync(change.Deleted, cancellation));
        if (wanted.Count == 0 && present.Any(TrafficHooks.IsMarker) && await IsEmptyAsync(link.Index, cancellation))
        {
            _written++;
            await hooks.TakeAwayAsync(link.Index, cancellation);
        }

        void Note(IReadOnlyList<TrafficFilter> items, NetlinkError?[] errors)
        {
            _written += items.Count;
            for (var i = 0; i < items.Count; i++)
            {
                if (errors[i] is { Error: not Errno.NoDevice } error)
                {
                    outcome.Note($"{link.Name}: filter {items[i].Priority}: {error}", error.Error);
                }
            }
        }
    }

    // Of a priority that has nothing any more the kernel may still tell for a moment.
    private async Task<bool> IsEmptyAsync(int link, CancellationToken cancellation) =>
        (await ListAsync(link, cancellation)).All(filter => filter.Handle == 0 || TrafficHooks.IsMarker(filter));

    private async Task<List<TrafficFilter>> ListAsync(int link, CancellationToken cancellation) =>
        [
            .. await hooks.Net.Filters.ListAsync(link, TrafficDirection.Ingress, cancellation),
            .. await hooks.Net.Filters.ListAsync(link, TrafficDirection.Egress, cancellation),
        ];
}
