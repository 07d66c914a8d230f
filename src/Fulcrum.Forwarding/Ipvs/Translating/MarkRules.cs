using System.Net;
using System.Net.Sockets;
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
