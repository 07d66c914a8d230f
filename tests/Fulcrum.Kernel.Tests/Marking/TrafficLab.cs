using System.Net;
using Fulcrum.Forwarding.Traffic;
using Fulcrum.Linux.Netlink;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Kernel.Tests.Marking;

/// <summary>
/// A client, a director and a backend in a kernel that has all of tc and IPVS. They are on one Ethernet, where the
/// backend answers the client itself unless its source is translated; or the backend is behind the director.
/// </summary>
internal sealed class TrafficLab : IDisposable
{
    private readonly Topology _topology;

    public TrafficLab(bool isBehind)
    {
        Guest.Need();
        _topology = new();
        Client = _topology.AddHost("client");
        var inner = isBehind ? _topology.AddSegment() : _topology.Segment;
        Director = isBehind ? _topology.AddHost("director", _topology.Segment, inner) : _topology.AddHost("director");
        Backend = _topology.AddHost("backend", inner);
        if (isBehind)
        {
            Backend.Namespace.IpBatch(
                $"route add default via {Director.Links[1].Address}",
                $"route add default via {Director.Links[1].Address6}"
            );
        }

        Director.Namespace.Sysctl("net.ipv4.ip_forward", "1");
        Director.Namespace.Sysctl("net.ipv6.conf.all.forwarding", "1");
        Director.Namespace.Sysctl("net.ipv4.conf.all.send_redirects", "0");
        Director.Namespace.Sysctl("net.ipv4.conf.eth0.send_redirects", "0");
        Director.Namespace.IpBatch($"address add {Vip}/32 dev eth0", $"address add {Vip6}/128 dev eth0 nodad");
        Client.Namespace.IpBatch(
            $"route add {Vip}/32 via {Director.Address}",
            $"route add {Vip6}/128 via {Director.Address6}"
        );
        Net = new(Open, TimeProvider.System);
        Hooks = new(Net);
    }

    public static IPAddress Vip { get; } = IPAddress.Parse("192.0.2.80");

    public static IPAddress Vip6 { get; } = IPAddress.Parse("2001:db8::80");

    public Host Client { get; }

    public Host Director { get; }

    public Host Backend { get; }

    public Rtnetlink Net { get; }

    public TrafficHooks Hooks { get; }

    public string Ipvs(params string[] arguments) => Director.Namespace.Run("ipvsadm", arguments);

    public string Tc(params string[] arguments) => Director.Namespace.Run("tc", arguments);

    /// <summary>The director's socket, from any thread.</summary>
    private NetlinkSocket Open(NetlinkProtocol protocol, params ReadOnlySpan<uint> groups)
    {
        var joined = groups.ToArray();
        return Director.Namespace.Run(() => NetlinkSocket.Open(protocol, joined));
    }

    public void Dispose()
    {
        Net.Dispose();
        _topology.Dispose();
    }
}
