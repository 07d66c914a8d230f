using System.Net;
using Fulcrum.Forwarding.Traffic;
using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Forwarding.SourceNat;

/// <summary>
/// Lets backends of NAT see an address of ours instead of the client's, so that their answers come back here whatever
/// their routes say.
/// <para>
/// IPVS translates destinations only. So connection tracking translates the source behind it, called by an action of tc
/// (act_ct, since Linux 5.3): as a packet goes out to the backend its source becomes ours; as the answer comes in, before
/// routing, its destination becomes the client again, and IPVS finds its connection as ever. The host's own tracking and
/// its rules are not asked, and where the kernel can keep zones apart these connections have one of their own.
/// </para>
/// <para>
/// What this machine itself sends to such a backend, checks for example, is translated too: tc cannot say "but not from
/// here", and the answers come back all the same. Datagrams that leave in fragments have no ports to be known by: only
/// a rule for all ports translates them, and errors that others send about translated packets (ICMP) do not reach the client.
/// </para>
/// </summary>
public sealed class BackendSources(TrafficHooks hooks, TimeProvider time)
{
    private const ushort OwnZone = 0xfb40;

    private readonly FilterKeeper _keeper = new(hooks, SourceFilters.Cookie);
    private volatile IReadOnlyCollection<SourceRule>? _rules;

    // Null: not found out yet.
    private ushort? _zone;

    /// <summary>How many changes were asked of the kernel.</summary>
    public long Written => _keeper.Written;

    /// <summary>What the last look could not do.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>
    /// These rules count from now on, and no others; what is there already is not written. What could not be done comes
    /// back in words, and <see cref="RunAsync"/> tries it again.
    /// </summary>
    /// <exception cref="NetlinkException">What is there cannot be read.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(
        IReadOnlyCollection<SourceRule> rules,
        CancellationToken cancellation = default
    )
    {
        _rules = rules;
        _ = await ReconcileAsync(cancellation);
        return Problems;
    }

    /// <summary>
    /// Brings the rules to interfaces that come up, and back where somebody took them away, until it is cancelled.
    /// Before the first rules it does nothing.
    /// </summary>
    public Task RunAsync(CancellationToken cancellation) =>
        new FilterWatch(hooks.Net, time).RunAsync(LookAsync, hooks.Net.Addresses, cancellation);

    private async Task<bool> LookAsync(CancellationToken cancellation)
    {
        if (_rules is null)
        {
            return true;
        }

        try
        {
            return await ReconcileAsync(cancellation);
        }
        catch (NetlinkException exception)
        {
            Problems = [exception.Message];
            return false;
        }
    }

    // True: all is done that can be; an address that is not there yet is heard of when it comes.
    private async Task<bool> ReconcileAsync(CancellationToken cancellation)
    {
        var local = (await hooks.Net.Addresses.ListAsync(cancellation)).Select(address => address.Address).ToHashSet();
        _zone ??= await FoundZoneAsync(cancellation);
        var outcome = await _keeper.ReconcileAsync(link => Wanted(link, local), cancellation);
        if (outcome.Refusals.Contains(Errno.NotSupported) && _zone is null)
        {
            // A kernel without zones refuses ours; its only one does as well, as nothing else is the same there.
            _zone = 0;
            outcome = await _keeper.ReconcileAsync(link => Wanted(link, local), cancellation);
        }

        var absent = _rules!.SelectMany(rule => Lacking(rule, local)).Distinct();
        Problems = [.. absent, .. outcome.Problems];
        return outcome.Problems.Count == 0;
    }

    private IEnumerable<TrafficFilter> Wanted(NetworkLink link, HashSet<IPAddress> local) =>
        SourceFilters.For(link, _rules!.Where(rule => !Lacking(rule, local).Any()), _zone ?? OwnZone);

    private static IEnumerable<string> Lacking(SourceRule rule, HashSet<IPAddress> local)
    {
        var addresses = SourceAddresses.Of(rule);
        return addresses.Count == 0
            ? [$"{rule.First} to {rule.Last} is no range of {SourceAddresses.Most} addresses at most"]
            : from address in addresses
            where !local.Contains(address)
            select $"{address} is no address of this node, so answers to it would not come back";
    }

    // What is there already tells which zones this kernel has, and asking again would be writing.
    private async Task<ushort?> FoundZoneAsync(CancellationToken cancellation) =>
        (await _keeper.ListAsync(cancellation))
            .SelectMany(filter => filter.Actions)
            .OfType<TrackingAction>()
            .FirstOrDefault()
            ?.Zone;
}
