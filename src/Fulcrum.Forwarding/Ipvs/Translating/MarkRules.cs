using System.Net;
using System.Net.Sockets;
using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Forwarding.Marking;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Forwarding.Ipvs.Translating;

/// <summary>Which packets get the mark that a service of the kernel's table is known by.</summary>
internal static class MarkRules
{
    public static Items<MarkRule> Of(IpvsServiceKey key, ReadOnlySpan<Listener> listeners)
    {
        var rules = new List<MarkRule>();
        foreach (var listener in listeners)
        {
            if (listener.OwnAddress is { } address && FamilyOf(address) == key.Family)
            {
                var ports = listener.Ports;
                rules.Add(
                    new()
                    {
                        Mark = key.Mark,
                        Address = address,
                        Protocol = ProtocolOf(listener.Protocol),
                        FirstPort = ports.IsEvery ? null : (ushort)ports.First,
                        LastPort = ports.IsEvery ? null : (ushort)ports.Last,
                    }
                );
            }
        }

        return Items.From(rules);
    }

    /// <summary>
    /// Of all services that are wanted. The kernel asks the mark before the address, so who is known by an address where
    /// a mark covers it, too, must get none.
    /// </summary>
    public static List<MarkRule> Among(IReadOnlyCollection<KernelService> services)
    {
        var rules = services.SelectMany(service => service.Marks).ToList();
        var covered = rules.Select(rule => rule.Address).ToHashSet();
        rules.AddRange(
            from service in services
            where service.Key.Address is { } address && covered.Contains(address)
            select new MarkRule
            {
                Mark = 0,
                Address = service.Key.Address!,
                Protocol = service.Key.Protocol,
                FirstPort = service.Key.Port,
                LastPort = service.Key.Port,
            }
        );
        return rules;
    }

    public static SocketFamily FamilyOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? SocketFamily.IPv6 : SocketFamily.IPv4;

    public static byte ProtocolOf(ListenerProtocol protocol) =>
        protocol switch
        {
            ListenerProtocol.Udp => 17,
            ListenerProtocol.Sctp => 132,
            _ => 6,
        };
}
