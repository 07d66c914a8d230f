using Fulcrum.Forwarding.Xdp.Pinning;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Programs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Forwarding.Xdp.Placing;

/// <summary>
/// By a filter of clsact, for kernels before 6.6. A filter has no name that the next process could find it by: its program
/// has one, which it gets before the filter is there, so that none is left that nobody knows.
/// </summary>
internal sealed class FilterPlace : Place
{
    /// <summary>Behind filters that are to see packets before anything is done to them.</summary>
    private const ushort Priority = 1000;

    private readonly PinFolder _pins;
    private readonly string _name;
    private readonly BpfFilter _filter;

    private FilterPlace(PinFolder pins, string name, int index, BpfFilter filter) =>
        (_pins, _name, Interface, _filter) = (pins, name, index, filter);

    public override int Interface { get; }

    /// <exception cref="LinuxException"><see cref="Errno.Busy"/>: there is a filter that is not this node's.</exception>
    /// <exception cref="NetlinkException"/>
    public static async Task<FilterPlace> AttachAsync(
        Rtnetlink net,
        PinFolder pins,
        string name,
        int index,
        BpfProgram program
    )
    {
        if (!pins.Filters().Contains(name) && await FindAsync(net, index) is not null)
        {
            throw new LinuxException(Errno.Busy, $"attach {program.Name} with priority {Priority}");
        }

        pins.PinFilter(name, program);
        return new(
            pins,
            name,
            index,
            await BpfFilter.AttachAsync(net, program, index, TrafficDirection.Ingress, Priority)
        );
    }

    /// <summary>What a process before this one left; null: its interface went, and the filter with it.</summary>
    /// <exception cref="NetlinkException"/>
    public static async Task<FilterPlace?> FindAsync(Rtnetlink net, PinFolder pins, string name) =>
        await net.Links.FindAsync(name) is { Index: var index } && await FindAsync(net, index) is { } filter
            ? new(pins, name, index, filter)
            : null;

    public override Task ReplaceAsync(BpfProgram program)
    {
        _pins.PinFilter(_name, program);
        return _filter.ReplaceAsync(program);
    }

    public override async Task DetachAsync()
    {
        await _filter.DisposeAsync();
        _pins.RemoveFilter(_name);
    }

    public override void Dispose()
    {
        // A filter is nobody's, and stays.
    }

    private static Task<BpfFilter?> FindAsync(Rtnetlink net, int index) =>
        BpfFilter.FindAsync(net, index, TrafficDirection.Ingress, Priority);
}
