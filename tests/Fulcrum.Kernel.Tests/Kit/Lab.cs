using System.Net;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Kernel.Tests.Kit;

/// <summary>
/// A client and a director on one Ethernet, and a second one with the real servers behind the director. Servers that
/// answer by way of the director have no other way; those that answer the client themselves are on both. Addresses
/// that services have are on-link for the client: it asks by ARP and neighbor discovery who has them.
/// </summary>
internal sealed class Lab : IAsyncDisposable
{
    private readonly Topology _topology;
    private readonly Segment _back;
    private readonly List<RealServer> _servers = [];

    /// <summary>Skips the test on anything but a guest.</summary>
    public Lab()
    {
        Guest.Need();
        _topology = new Topology();
        _back = _topology.AddSegment();
        Client = new Client(_topology.AddHost("client").Namespace);
        Director = _topology.AddHost("director", _topology.Segment, _back);
        Client.Home.IpBatch("route add 192.0.2.0/24 dev eth0", "route add 2001:db8::/64 dev eth0");
        Director.Namespace.Sysctl("net.ipv4.ip_forward", "1");
        Director.Namespace.Sysctl("net.ipv6.conf.all.forwarding", "1");
        Witness = new Witness(Director.Namespace);
    }

    /// <summary>The address of services, of the client's network. Nobody has it until <see cref="RaiseAddresses"/>.</summary>
    public static IPAddress Vip { get; } = IPAddress.Parse("192.0.2.80");

    public static IPAddress Vip6 { get; } = IPAddress.Parse("2001:db8::80");

    public Client Client { get; }

    /// <summary>eth0 is the client's side, eth1 that of the servers. It forwards packets.</summary>
    public Host Director { get; }

    public Witness Witness { get; }

    /// <summary>Both addresses of services of a family.</summary>
    public static IPAddress VipOf(bool isSix) => isSix ? Vip6 : Vip;

    /// <summary>A server whose answers go back by way of the director.</summary>
    public RealServer AddServerBehind(string name)
    {
        var host = _topology.AddHost(name, _back);
        PointTo(host, Director);
        return Keep(new RealServer(name, host, isBehind: true));
    }

    /// <summary>
    /// A server that has the services' addresses itself and answers clients itself: what it gets unchanged or in a
    /// tunnel, it takes.
    /// </summary>
    public RealServer AddServerBeside(string name)
    {
        var server = AddServerUnprepared(name);
        Taking.Addresses(server.Host, Vip, Vip6);
        Taking.Tunnels(server.Host);
        return server;
    }

    /// <summary>One beside the director whose programs are there, but which nobody has told to take anything.</summary>
    public RealServer AddServerUnprepared(string name)
    {
        var host = _topology.AddHost(name, _back, _topology.Segment);
        // They listen at addresses that it does not have yet.
        host.Namespace.Sysctl("net.ipv4.ip_nonlocal_bind", "1");
        host.Namespace.Sysctl("net.ipv6.ip_nonlocal_bind", "1");
        return Keep(new RealServer(name, host, isBehind: false));
    }

    /// <summary>Gives a director the services' addresses, as an operator would.</summary>
    public static void RaiseAddresses(Host director)
    {
        director.Namespace.IpBatch($"address add {Vip}/32 dev eth0", $"address add {Vip6}/128 dev eth0 nodad");
    }

    /// <summary>Lets what a server behind sends go by way of this director from now on.</summary>
    public static void PointTo(Host server, Host director)
    {
        server.Namespace.IpBatch(
            $"route replace default via {director.Links[1].Address}",
            $"route replace default via {director.Links[1].Address6}"
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _topology.Dispose();
    }

    private RealServer Keep(RealServer server)
    {
        _servers.Add(server);
        return server;
    }
}
