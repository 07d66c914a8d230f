using Fulcrum.Forwarding.Traffic;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Forwarding.Marking;

/// <summary>
/// Gives packets firewall marks, by which IPVS knows services that one address and port cannot describe: ranges of
/// ports, all ports, and listeners that remember clients together.
/// <para>
/// The mark is set as the packet comes in, by a filter of tc on each interface that is up, also on those that come
/// later. That is before routing, connection tracking and everything that nftables or iptables do; their rules see the
/// mark and are not touched. What this machine itself sends to a vip does not come in anywhere, so it has no mark: it
/// is not balanced by such a service.
/// </para>
/// <para>
/// Of a datagram in fragments only the first has ports, and tc looks for them in none. So where ports count, fragments
/// of IPv4 wait until the datagram is whole, and what comes to IPVS is the whole. Of IPv6 they have no mark there; where
/// all ports count they have it, each by itself.
/// </para>
/// </summary>
public sealed class ListenerMarks(TrafficHooks hooks, TimeProvider time)
{
    private readonly FilterKeeper _keeper = new(hooks, MarkFilters.Cookie);
    private volatile IReadOnlyCollection<MarkRule>? _rules;

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
        IReadOnlyCollection<MarkRule> rules,
        CancellationToken cancellation = default
    )
    {
        _rules = rules;
        return Problems = (await _keeper.ReconcileAsync(Wanted, cancellation)).Problems;
    }

    /// <summary>
    /// Brings the rules to interfaces that come up, and back where somebody took them away, until it is cancelled.
    /// Before the first rules it does nothing, so that what a former run left stays until it is known what is wanted.
    /// </summary>
    public Task RunAsync(CancellationToken cancellation) =>
        new FilterWatch(hooks.Net, time).RunAsync(LookAsync, addresses: null, cancellation);

    // The newest rules at the moment of writing: a look must not bring back older ones.
    private IEnumerable<TrafficFilter> Wanted(NetworkLink link) => MarkFilters.For(link, _rules ?? []);

    private async Task<bool> LookAsync(CancellationToken cancellation)
    {
        if (_rules is null)
        {
            return true;
        }

        try
        {
            Problems = (await _keeper.ReconcileAsync(Wanted, cancellation)).Problems;
        }
        catch (NetlinkException exception)
        {
            Problems = [exception.Message];
        }

        return Problems.Count == 0;
    }
}
