using System.Net;

namespace Fulcrum.TestKit.Namespaces;

/// <summary>One Ethernet: a learning bridge in its own namespace. Its ports are called after the hosts' interfaces.</summary>
public sealed class Segment : IDisposable
{
    private int _ports;

    internal Segment(int number)
    {
        Number = number;
        Namespace = NetworkNamespace.Create($"segment{number}");
        // Snooping would drop multicast that nobody has joined by IGMP or MLD, which VRRP and neighbour discovery use.
        Namespace.Ip(
            "link",
            "add",
            "br0",
            "up",
            "type",
            "bridge",
            "stp_state",
            "0",
            "forward_delay",
            "0",
            "mcast_snooping",
            "0"
        );
    }

    /// <summary>From 1; the third part of its addresses.</summary>
    public int Number { get; }

    /// <summary>Where the bridge <c>br0</c> is; capture or drop here what is on the wire.</summary>
    public NetworkNamespace Namespace { get; }

    public void Dispose() => Namespace.Dispose();

    internal (string Port, IPAddress Address, IPAddress Address6) NextPort()
    {
        var port = Interlocked.Increment(ref _ports);
        return (
            $"port{port}",
            IPAddress.Parse($"10.0.{Number}.{port}"),
            IPAddress.Parse($"fd00:0:0:{Number}::{port:x}")
        );
    }
}
