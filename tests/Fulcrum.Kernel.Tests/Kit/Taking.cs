using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Kernel.Tests.Kit;

/// <summary>What an operator sets up on a real server, so that it takes what a director sends it.</summary>
internal static class Taking
{
    /// <summary>The port to which GUE packets go.</summary>
    public const ushort GuePort = 6080;

    private static readonly Lazy<string> Loaded = new(() =>
        Tool.Run("modprobe", "-a", "ipip", "ip_gre", "sit", "ip6_tunnel", "ip6_gre", "fou", "fou6")
    );

    /// <summary>
    /// The services' addresses, of which the server must not speak: an address on lo is never told by neighbor discovery,
    /// but by ARP unless arp_ignore and arp_announce forbid it.
    /// </summary>
    public static void Addresses(Host server, params ReadOnlySpan<IPAddress> addresses)
    {
        server.Namespace.Sysctl("net.ipv4.conf.all.arp_ignore", "1");
        server.Namespace.Sysctl("net.ipv4.conf.all.arp_announce", "2");
        var commands = new List<string>();
        foreach (var address in addresses)
        {
            commands.Add($"address add {address}/{address.GetAddressBytes().Length * 8} dev lo");
        }

        server.Namespace.IpBatch([.. commands]);
    }

    /// <summary>IPIP, GRE and GUE, in IPv4 and IPv6. What comes out is a packet for one of its addresses.</summary>
    public static void Tunnels(Host server)
    {
        _ = Loaded.Value;
        string[] links = ["tunl0", "sit0", "gre0", "ip6tnl0", "ip6gre0"];
        server.Namespace.IpBatch([.. links.Select(link => $"link set {link} up"), $"fou add port {GuePort} gue"]);
        // By itself it only unwraps IPv6.
        server.Namespace.Ip("-6", "tunnel", "change", "ip6tnl0", "mode", "any");
        server.Namespace.Ip("-6", "fou", "add", "port", $"{GuePort}", "gue");
    }
}
