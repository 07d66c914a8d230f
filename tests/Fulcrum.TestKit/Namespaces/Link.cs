using System.Net;

namespace Fulcrum.TestKit.Namespaces;

/// <summary>A host's interface and the cable to its segment (a veth pair).</summary>
public sealed class Link
{
    private readonly Host _host;

    internal Link(Host host, Segment segment, string name)
    {
        _host = host;
        Segment = segment;
        Name = name;
        (Port, Address, Address6) = segment.NextPort();
        var home = host.Namespace;
        var wire = segment.Namespace;
        home.IpBatch(
            $"link add {name} type veth peer name {Port} netns {wire.Name}",
            $"link set {name} up",
            $"address add {Address}/24 dev {name}",
            $"address add {Address6}/64 dev {name} nodad"
        );
        wire.Ip("link", "set", Port, "master", "br0", "up");
    }

    public Segment Segment { get; }

    /// <summary>The interface's name on the host: <c>eth0</c>.</summary>
    public string Name { get; }

    /// <summary>The name of the other end, in the segment's namespace.</summary>
    public string Port { get; }

    public IPAddress Address { get; }

    public IPAddress Address6 { get; }

    /// <summary>Pulls the cable: the host loses carrier, and keeps its addresses and routes as far as the kernel does.</summary>
    public void Unplug() => Segment.Namespace.Ip("link", "set", Port, "down");

    /// <summary>Plugs it in again.</summary>
    public void Plug() => Segment.Namespace.Ip("link", "set", Port, "up");

    /// <summary>The administrator's <c>ip link set down</c>: the kernel also forgets its IPv6 addresses and routes.</summary>
    public void Down() => _host.Namespace.Ip("link", "set", Name, "down");

    /// <summary>The administrator's <c>ip link set up</c>. IPv6 addresses are given again, as the kernel forgot them.</summary>
    public void Up()
    {
        _host.Namespace.Ip("link", "set", Name, "up");
        _host.Namespace.Ip("address", "replace", $"{Address6}/64", "dev", Name, "nodad");
    }
}
