using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Xdp;

/// <summary>
/// A client and a director on one Ethernet, and a second one with the servers behind the director. Servers that answer by
/// way of the director have no other way; those that answer the client themselves are on both. Addresses that services have
/// are on-link for the client.
/// </summary>
/// <remarks>
/// The cards are pairs of veth. Their drivers run XDP programs, but know no sums that hardware computes: whoever begins
/// a packet has to compute it. What is redirected to one arrives only where the other end gathers packets (GRO); and those
/// must be told apart again, and summed up, before they get to a card with a program, which drops what is longer than a page.
/// </remarks>
internal sealed class XdpLab : IAsyncDisposable
{
    private readonly Topology _topology = new();
    private readonly Segment _back;
    private readonly List<XdpServer> _servers = [];

    public XdpLab()
    {
        _ = Require.Tool("nginx");
        _ = Require.Tool("ethtool");
        _back = _topology.AddSegment();
        Client = AddHost("client", _topology.Segment);
        Client.Namespace.IpBatch("route add 192.0.2.0/24 dev eth0", "route add 2001:db8::/64 dev eth0");
        Director = AddDirector("director");
    }

    public static IPAddress Vip { get; } = IPAddress.Parse("192.0.2.80");

    public static IPAddress Vip6 { get; } = IPAddress.Parse("2001:db8::80");

    public Host Client { get; }

    /// <summary>eth0 is the client's side, eth1 that of the servers.</summary>
    public Host Director { get; }

    public static IPAddress VipOf(bool isSix) => isSix ? Vip6 : Vip;

    public Host AddDirector(string name) => AddHost(name, _topology.Segment, _back);

    /// <summary>A server whose answers go back by way of the director.</summary>
    public XdpServer AddServerBehind(string name)
    {
        var host = AddHost(name, _back);
        PointTo(host, Director);
        return Keep(new(name, host));
    }

    /// <summary>A server that has the services' addresses itself, and answers clients itself.</summary>
    public XdpServer AddServerBeside(string name)
    {
        var host = AddHost(name, _back, _topology.Segment);
        host.Namespace.Sysctl("net.ipv4.conf.all.arp_ignore", "1");
        host.Namespace.Sysctl("net.ipv4.conf.all.arp_announce", "2");
        // Clients' packets come in by another way than answers go out.
        host.Namespace.Sysctl("net.ipv4.conf.all.rp_filter", "0");
        host.Namespace.Sysctl("net.ipv4.conf.eth0.rp_filter", "0");
        host.Namespace.IpBatch($"address add {Vip}/32 dev lo", $"address add {Vip6}/128 dev lo nodad");
        return Keep(new(name, host));
    }

    /// <summary>The director is cut off, and another has the services' addresses, and is the servers' way back.</summary>
    public void TakeOver(Host next)
    {
        foreach (var link in Director.Links)
        {
            link.Unplug();
        }

        next.Namespace.IpBatch($"address add {Vip}/32 dev eth0", $"address add {Vip6}/128 dev eth0 nodad");
        Client.Namespace.Ip("neighbor", "flush", "all");
        foreach (var server in _servers.Where(server => server.Host.Links.Count == 1))
        {
            PointTo(server.Host, next);
        }
    }

    /// <summary>
    /// A client behind a router, by a link that lets less through; servers that answer clients themselves know the way to it.
    /// </summary>
    public Host AddFarClient(int mtu)
    {
        var far = _topology.AddSegment();
        var router = AddHost("router", _topology.Segment, far);
        router.Namespace.Sysctl("net.ipv4.ip_forward", "1");
        router.Namespace.Sysctl("net.ipv6.conf.all.forwarding", "1");
        router.Namespace.IpBatch(
            $"link set eth1 mtu {mtu}",
            "route add 192.0.2.0/24 dev eth0",
            "route add 2001:db8::/64 dev eth0"
        );
        var client = AddHost("far", far);
        client.Namespace.IpBatch(
            $"route replace default via {router.Links[1].Address}",
            $"route replace default via {router.Links[1].Address6}"
        );
        // Answers must be made for what the link between lets through, not for what this end says that it takes.
        foreach (var host in _servers.Select(server => server.Host).Append(Director))
        {
            var name = host == Director ? "eth0" : "eth1";
            host.Namespace.IpBatch(
                $"route add 10.0.{far.Number}.0/24 via {router.Address} dev {name}",
                $"route add fd00:0:0:{far.Number}::/64 via {router.Address6} dev {name}"
            );
        }

        return client;
    }

    /// <summary>A file whose services are carried by the plane, on vips that Fulcrum raises.</summary>
    public static string Configuration(string services, bool raises = true, string drain = "2s") =>
        $$"""
            xdp: { interfaces: [eth0, eth1] }
            defaults: { sessions: { drain: {{drain}} } }
            {{(
                raises
                    ? $"vips: {{ edge: {{ address: [{Vip}, '{Vip6}'], on: eth0, up-when: always, active: every-node, lifetime: 1m }} }}"
                    : ""
            )}}
            services:
            {{services}}

            """;

    /// <summary>One that says so of itself in the state: <c>plane: xdp</c>.</summary>
    public Task<Daemon> StartAsync(string configuration) => Daemon.Start(Director.Namespace, configuration);

    /// <summary>A request by a client that is not ours. Returns the name of the server.</summary>
    public string Curl(IPAddress address, ushort port) =>
        Client.Namespace.Run("curl", "-s", "-S", "--max-time", "20", $"http://{new IPEndPoint(address, port)}/");

    /// <summary>A datagram, sent again until there is an answer. Returns the name of the server.</summary>
    public async Task<string> AskUdpAsync(IPAddress address, ushort port)
    {
        using var socket = Client.Namespace.OpenSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(address, port);
        var buffer = new byte[100];
        var name = "";
        await Wait.Until(
            () =>
            {
                try
                {
                    socket.Send("who?"u8);
                    name = socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead)
                        ? Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer))
                        : "";
                }
                catch (SocketException)
                {
                    // Nobody listens there, or not yet: ICMP said so.
                }

                return name.Length > 0;
            },
            $"an answer of {address}:{port} over UDP"
        );
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _topology.Dispose();
    }

    private static void PointTo(Host server, Host director) =>
        server.Namespace.IpBatch(
            $"route replace default via {director.Links[1].Address}",
            $"route replace default via {director.Links[1].Address6}"
        );

    private Host AddHost(string name, params ReadOnlySpan<Segment> segments)
    {
        var host = _topology.AddHost(name, segments);
        foreach (var link in host.Links)
        {
            host.Namespace.Run("ethtool", "-K", link.Name, "tx", "off");
            link.Segment.Namespace.Run(
                "ethtool",
                "-K",
                link.Port,
                "gro",
                "on",
                "tso",
                "off",
                "gso",
                "off",
                "tx",
                "off"
            );
        }

        return host;
    }

    private XdpServer Keep(XdpServer server)
    {
        _servers.Add(server);
        return server;
    }
}
