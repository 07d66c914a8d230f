using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Forwarding.Traffic;

/// <summary>
/// The place of an interface that filters stand at (clsact). It is made where it is missing and taken away when it is
/// empty, but only where it was us who made it: a filter in a chain that no packet comes to says so, and says it after
/// a crash too.
/// </summary>
public sealed class TrafficHooks(Rtnetlink net)
{
    /// <summary>Packets begin in chain 0, and nobody sends them here. No number may have more than 28 bits.</summary>
    private const uint UnreachedChain = 0x0666_756c;
    private const string MadeCookie = "fulcrum/made";

    internal Rtnetlink Net => net;

    /// <summary>Held by who reads, compares and writes, so that nobody takes away what another is about to use.</summary>
    internal SemaphoreSlim Gate { get; } = new(1);

    /// <summary>Whether a filter only says that the place is ours.</summary>
    internal static bool IsMarker(TrafficFilter filter) =>
        filter is { Chain: UnreachedChain } && Is(filter, MadeCookie);

    /// <summary>Whether a filter was made with this cookie.</summary>
    internal static bool Is(TrafficFilter filter, string cookie) =>
        filter.Actions is [{ Cookie: { } found }, ..] && found == cookie;

    /// <summary>How many messages that took.</summary>
    /// <exception cref="NetlinkException"/>
    internal async Task<int> MakeAsync(int link, CancellationToken cancellation)
    {
        try
        {
            await net.Disciplines.AddAsync(QueueDiscipline.Clsact(link), cancellation);
        }
        catch (NetlinkException exception) when (exception.Error == Errno.Exists)
        {
            // Somebody else was faster, or it is "ingress", which has place for those that come in only.
            return 1;
        }

        await net.Filters.AddAsync(Marker(link), cancellation);
        return 2;
    }

    /// <exception cref="NetlinkException"/>
    internal Task TakeAwayAsync(int link, CancellationToken cancellation) =>
        net.Disciplines.DeleteAsync(QueueDiscipline.Clsact(link), cancellation);

    private static TrafficFilter Marker(int link) =>
        new()
        {
            Interface = link,
            Direction = TrafficDirection.Ingress,
            Priority = 1,
            Protocol = TrafficFilter.IPv4,
            Chain = UnreachedChain,
            Match = new(),
            Actions = [new PlainAction { Then = TrafficVerdict.Continue, Cookie = MadeCookie }],
        };
}
