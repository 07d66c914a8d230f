using Fulcrum.Linux.Bpf.Programs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Linux.Bpf.Links;

/// <summary>
/// A program at an interface's hooks of traffic control for kernels before 6.6: a filter of clsact. Unlike a link it stays
/// when its process ends, so that whoever attached it takes it away; who attaches one at the place of a former run's
/// puts it in its place.
/// </summary>
public sealed class BpfFilter : IAsyncDisposable
{
    private readonly Rtnetlink _net;
    private readonly TrafficFilter _filter;
    private readonly bool _isPlaceOurs;

    private BpfFilter(Rtnetlink net, TrafficFilter filter, bool isPlaceOurs) =>
        (_net, _filter, _isPlaceOurs) = (net, filter, isPlaceOurs);

    /// <param name="net">Of the interface's namespace; stays open and belongs to the caller.</param>
    /// <param name="program">For traffic control.</param>
    /// <param name="link">The interface's index.</param>
    /// <param name="direction">On which way.</param>
    /// <param name="priority">Its place among other filters; what was at this place before, of a program, is gone.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="NetlinkException"/>
    public static async Task<BpfFilter> AttachAsync(
        Rtnetlink net,
        BpfProgram program,
        int link,
        TrafficDirection direction,
        ushort priority,
        CancellationToken cancellation = default
    )
    {
        var isOurs = await MakePlaceAsync(net, link, cancellation);
        var filter = new BpfFilter(net, Describe(link, direction, priority), isOurs);
        await filter.ReplaceAsync(program, cancellation);
        return filter;
    }

    /// <summary>One that a former process attached, or null. The place of filters is taken for somebody else's.</summary>
    /// <inheritdoc cref="AttachAsync"/>
    public static async Task<BpfFilter?> FindAsync(
        Rtnetlink net,
        int link,
        TrafficDirection direction,
        ushort priority,
        CancellationToken cancellation = default
    )
    {
        try
        {
            var filters = await net.Filters.ListAsync(link, direction, cancellation);
            return filters.Any(filter => filter.Priority == priority && filter.Handle != 0)
                ? new(net, Describe(link, direction, priority), isPlaceOurs: false)
                : null;
        }
        catch (NetlinkException exception) when (exception.Error is Errno.NotFound or Errno.InvalidArgument)
        {
            // There is no clsact.
            return null;
        }
    }

    /// <summary>From the next packet on it is this program.</summary>
    /// <exception cref="NetlinkException"/>
    public Task ReplaceAsync(BpfProgram program, CancellationToken cancellation = default) =>
        _net.Filters.ReplaceAsync(
            _filter with
            {
                Program = new(program.Name) { Descriptor = program.Descriptor },
            },
            cancellation
        );

    /// <summary>Takes it away, and the place of filters if it was made for it and is empty.</summary>
    /// <exception cref="NetlinkException"/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _net.Filters.DeleteAsync(_filter);
            if (_isPlaceOurs && await IsEmptyAsync())
            {
                await _net.Disciplines.DeleteAsync(QueueDiscipline.Clsact(_filter.Interface));
            }
        }
        catch (NetlinkException exception)
            when (exception.Error is Errno.NotFound or Errno.NoDevice or Errno.InvalidArgument)
        {
            // It went with its interface, or somebody took the place away.
        }
    }

    private static TrafficFilter Describe(int link, TrafficDirection direction, ushort priority) =>
        new()
        {
            Interface = link,
            Direction = direction,
            Priority = priority,
            Protocol = TrafficFilter.All,
            Handle = 1,
            Kind = TrafficFilter.Bpf,
        };

    private async Task<bool> IsEmptyAsync() =>
        (await _net.Filters.ListAsync(_filter.Interface, TrafficDirection.Ingress)).Count == 0
        && (await _net.Filters.ListAsync(_filter.Interface, TrafficDirection.Egress)).Count == 0;

    private static async Task<bool> MakePlaceAsync(Rtnetlink net, int link, CancellationToken cancellation)
    {
        try
        {
            await net.Disciplines.AddAsync(QueueDiscipline.Clsact(link), cancellation);
            return true;
        }
        catch (NetlinkException exception) when (exception.Error == Errno.Exists)
        {
            return false;
        }
    }
}
