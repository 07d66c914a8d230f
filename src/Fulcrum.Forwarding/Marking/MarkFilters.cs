using System.Net;
using System.Net.Sockets;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Forwarding.Marking;

/// <summary>
/// Rules as filters. Each filter says "continue", so whatever others have there still sees the packet, and the last
/// one that matches counts: those that match less come later.
/// </summary>
internal static class MarkFilters
{
    public const string Cookie = "fulcrum/mark";

    /// <summary>High, so that filters of others come first; those that the kernel numbers begin at 0xc000 and go down.</summary>
    private const ushort FirstPriority = 0xfb00;

    public static IEnumerable<TrafficFilter> For(NetworkLink link, IEnumerable<MarkRule> rules) =>
        link.IsUp && !link.Flags.HasFlag(LinkFlags.Loopback)
            ? For([.. rules.Where(rule => rule.Interface is null || IsCalled(link, rule.Interface))])
            : [];

    private static IEnumerable<TrafficFilter> For(List<MarkRule> rules) =>
        rules
            .Where(rule => rule is { FirstPort: not null, Address.AddressFamily: AddressFamily.InterNetwork })
            .Select(rule => rule with { Mark = 0, FirstPort = null, LastPort = null, Interface = null })
            .Distinct()
            .Select(Whole)
            .Concat(rules.Select(For));

    private static bool IsCalled(NetworkLink link, string name) =>
        link.Name == name || link.AlternativeNames.Contains(name);

    // Parts of a datagram wait here until it is whole; then it has ports, and all filters are asked again. That is
    // connection tracking's work, which forgets the packet again at once.
    // Of IPv6 the whole would forget how long its parts were, and IPVS takes none then that is longer than the link.
    private static TrafficFilter Whole(MarkRule rule)
    {
        var filter = For(rule);
        return filter with
        {
            Priority = FirstPriority - 1,
            Match = filter.Match! with { IsFragment = true },
            Actions =
            [
                new TrackingAction(TrackingFlags.None) { Cookie = Cookie },
                new TrackingAction(TrackingFlags.Clear) { Then = TrafficVerdict.AskAgain },
            ],
        };
    }

    private static TrafficFilter For(MarkRule rule)
    {
        var isIPv4 = rule.Address.AddressFamily == AddressFamily.InterNetwork;
        var isEverywhere = rule.Address.Equals(isIPv4 ? IPAddress.Any : IPAddress.IPv6Any);
        TrafficPorts? ports = rule.FirstPort is { } first ? new(first, rule.LastPort ?? first) : null;
        var narrowness =
            (isEverywhere ? 0 : 4)
            + (rule.Protocol, ports) switch
            {
                (null, _) => 0,
                (_, null) => 1,
                (_, { IsOne: false }) => 2,
                _ => 3,
            };
        return new()
        {
            Interface = 0,
            Direction = TrafficDirection.Ingress,
            // All of one priority are of one protocol.
            Priority = (ushort)(FirstPriority + (narrowness * 2) + (isIPv4 ? 0 : 1)),
            Protocol = isIPv4 ? TrafficFilter.IPv4 : TrafficFilter.IPv6,
            Match = new()
            {
                Protocol = rule.Protocol,
                Destination = isEverywhere ? null : new IPNetwork(rule.Address, isIPv4 ? 32 : 128),
                DestinationPorts = ports,
            },
            Actions = [new MarkAction(rule.Mark) { Then = TrafficVerdict.Continue, Cookie = Cookie }],
        };
    }
}
