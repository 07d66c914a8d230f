using System.Net;
using System.Net.Sockets;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Forwarding.SourceNat;

/// <summary>Rules as filters: one for what goes out to a backend, and one for each of our addresses that it answers.</summary>
internal static class SourceFilters
{
    public const string Cookie = "fulcrum/source";

    /// <summary>Behind those that set marks.</summary>
    private const ushort FirstPriority = 0xfb40;

    private const TrackingFlags Outward = TrackingFlags.Commit | TrackingFlags.Translate | TrackingFlags.Source;

    public static IEnumerable<TrafficFilter> For(NetworkLink link, IEnumerable<SourceRule> rules, ushort zone) =>
        link.IsUp && !link.Flags.HasFlag(LinkFlags.Loopback) ? rules.SelectMany(rule => For(rule, zone)) : [];

    private static IEnumerable<TrafficFilter> For(SourceRule rule, ushort zone)
    {
        var backend = Prefix(rule.Backend);
        TrafficPorts? ports = rule.Port is { } port ? new(port) : null;
        yield return Filter(
            rule,
            TrafficDirection.Egress,
            new()
            {
                Protocol = rule.Protocol,
                Destination = backend,
                DestinationPorts = ports,
            },
            new(Outward)
            {
                Zone = zone,
                First = rule.First,
                Last = rule.First.Equals(rule.Last) ? null : rule.Last,
            }
        );
        foreach (var address in SourceAddresses.Of(rule))
        {
            yield return Filter(
                rule,
                TrafficDirection.Ingress,
                new()
                {
                    Protocol = rule.Protocol,
                    Source = backend,
                    SourcePorts = ports,
                    Destination = Prefix(address),
                },
                new(TrackingFlags.Translate) { Zone = zone }
            );
        }
    }

    private static TrafficFilter Filter(
        SourceRule rule,
        TrafficDirection direction,
        FlowerMatch match,
        TrackingAction action
    )
    {
        var isIPv4 = rule.Backend.AddressFamily == AddressFamily.InterNetwork;
        // All of one priority are of one protocol, and those that match more come later.
        var priority = FirstPriority + (isIPv4 ? 0 : 1) + (rule.Port is null ? 2 : 0);
        return new()
        {
            Interface = 0,
            Direction = direction,
            Priority = (ushort)priority,
            Protocol = isIPv4 ? TrafficFilter.IPv4 : TrafficFilter.IPv6,
            Match = match,
            Actions = [action with { Then = TrafficVerdict.Pass, Cookie = Cookie }],
        };
    }

    private static IPNetwork Prefix(IPAddress address) =>
        new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
}
