using System.Net;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Forwarding.Marking;
using Fulcrum.Forwarding.SourceNat;
using Fulcrum.Forwarding.Traffic;
using Fulcrum.Linux;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Traffic;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Nodes;

namespace Fulcrum.Forwarding.Trying;

/// <summary>
/// Finds out what the kernel has by doing what a node would do, in a network namespace where nobody is served and that
/// goes afterwards. Only that tells the truth: a module may be part of the kernel, be loaded when it is needed, be
/// forbidden, or be missing, and of each there are many ways.
/// </summary>
/// <param name="open">Opens sockets in that namespace.</param>
public sealed class KernelTrial(NetlinkOpening open, TimeProvider time) : IDisposable
{
    private const string LoopbackName = "lo";

    private readonly Rtnetlink _net = new(open, time);

    /// <summary>Those parts of the kernel's balancer that are not to be had; null: there is no balancer at all.</summary>
    /// <exception cref="NetlinkException"/>
    public async Task<IReadOnlyList<BalancerPart>?> LackingAsync(
        IReadOnlyCollection<BalancerPart> parts,
        CancellationToken cancellation
    )
    {
        using var control = await IpvsControl.OpenAsync(open, time, cancellation);
        if (control is null)
        {
            return null;
        }

        using var changes = control.NewChanges();
        foreach (var (place, part) in parts.Index())
        {
            changes.Add(
                new IpvsService
                {
                    Key = IpvsServiceKey.Of(SocketFamily.IPv4, (uint)place + 1),
                    Scheduler = part.Scheduler,
                    Flags = part.Engine is null ? IpvsServiceFlags.None : IpvsServiceFlags.Persistent,
                    PersistencePrefix = 32,
                    PersistenceEngine = part.Engine,
                }
            );
        }

        var results = await control.ApplyAsync(changes, cancellation);
        return [.. parts.Where((_, place) => results[place] is not null)];
    }

    /// <summary>Why packets cannot be given marks; null: they can.</summary>
    /// <exception cref="NetlinkException"/>
    public Task<string?> WhyNoMarksAsync(CancellationToken cancellation) =>
        WhyNoFiltersAsync(
            MarkFilters.Cookie,
            link =>
                MarkFilters.For(
                    link,
                    [
                        new()
                        {
                            Mark = 1,
                            Address = IPAddress.Parse("192.0.2.1"),
                            Protocol = 6,
                            FirstPort = 1,
                            LastPort = 2,
                        },
                    ]
                ),
            cancellation
        );

    /// <summary>Why sources cannot be translated; null: they can.</summary>
    /// <exception cref="NetlinkException"/>
    public Task<string?> WhyNoSourcesAsync(CancellationToken cancellation) =>
        WhyNoFiltersAsync(
            SourceFilters.Cookie,
            link =>
                SourceFilters.For(
                    link,
                    [
                        new()
                        {
                            Backend = IPAddress.Parse("192.0.2.1"),
                            Protocol = 6,
                            First = IPAddress.Loopback,
                        },
                    ],
                    // A zone of their own is better, and not needed.
                    zone: 0
                ),
            cancellation
        );

    /// <summary>The module that the kernel lacks to make such an interface; null: it can.</summary>
    /// <exception cref="NetlinkException"/>
    public async Task<string?> LackingModuleAsync(Interface wanted, CancellationToken cancellation)
    {
        var kind = InterfaceView.KindOf(wanted);
        try
        {
            await _net.Links.AddAsync(new NetworkLink { Name = wanted.Name, Kind = kind }, cancellation);
            return null;
        }
        catch (NetlinkException error) when (error.Error == Errno.NotSupported)
        {
            return InterfaceView.ModuleOf(kind);
        }
        catch (NetlinkException error) when (error.Error == Errno.InvalidArgument)
        {
            // It knows the kind, and asks for the interface that carries it.
            return null;
        }
    }

    public void Dispose() => _net.Dispose();

    // Which filter of which interface is nobody's business.
    private static string LastOf(string problem) => problem.Split(": ")[^1];

    // The loopback is the one interface that is there, so it plays another.
    private async Task<string?> WhyNoFiltersAsync(
        string cookie,
        Func<NetworkLink, IEnumerable<TrafficFilter>> wanted,
        CancellationToken cancellation
    )
    {
        var keeper = new FilterKeeper(new TrafficHooks(_net), cookie);
        var outcome = await keeper.ReconcileAsync(
            link => link.Name == LoopbackName ? wanted(link with { Flags = LinkFlags.Up }) : [],
            cancellation
        );
        return outcome.Problems is [var first, ..] ? $"the kernel refuses filters: {LastOf(first)}" : null;
    }
}
