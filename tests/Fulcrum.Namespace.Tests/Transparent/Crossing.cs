using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests.Transparent;

/// <summary>A client and a server on Ethernets of their own; the way from one to the other leads over the director.</summary>
internal sealed class Crossing : IDisposable
{
    private readonly Topology _network = new();

    public Crossing()
    {
        var far = _network.AddSegment();
        Client = _network.AddHost("client");
        Director = _network.AddHost("director", _network.Segment, far);
        Server = _network.AddHost("server", far);
        Lead(Client, Director.Links[0]);
        Lead(Server, Director.Links[1]);
    }

    public Host Client { get; }

    public Host Director { get; }

    public Host Server { get; }

    /// <summary>
    /// Gives the director's own sockets what is for addresses that are not its own: what the rules mark, and what belongs
    /// to a connection of a transparent socket (Documentation/networking/tproxy.rst).
    /// </summary>
    /// <param name="rules">What else is taken in, in nft's words.</param>
    public void Divert(params string[] rules)
    {
        var home = Director.Namespace;
        foreach (var (family, all) in new[] { ("-4", "0.0.0.0/0"), ("-6", "::/0") })
        {
            home.Ip(family, "rule", "add", "fwmark", "1", "lookup", "100");
            home.Ip(family, "route", "add", "local", all, "dev", "lo", "table", "100");
        }
        var table = $$"""
            table inet divert {
              chain in {
                type filter hook prerouting priority mangle;
                meta l4proto { tcp, udp } socket transparent 1 meta mark set 1 accept
                {{string.Join('\n', rules)}}
              }
            }

            """;
        home.Run(() => Tool.RunWithInput("nft", table, "-f", "-"));
    }

    /// <summary>What a server says to a client that connects, or sends a datagram, to <paramref name="target"/>.</summary>
    public async Task<string> Ask(ProtocolType protocol, IPEndPoint target)
    {
        var type = protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram;
        using var socket = Client.Namespace.OpenSocket(target.AddressFamily, type, protocol);
        // Of a connected UDP socket the kernel only gives what comes from where it is connected to.
        await Wait.For(socket.ConnectAsync(target), $"a connection to {target}");
        await socket.SendAsync("who?\n"u8.ToArray());
        var buffer = new byte[512];
        var count = await Wait.For(socket.ReceiveAsync(buffer), $"an answer of {target} over {protocol}");
        return Encoding.ASCII.GetString(buffer, 0, count);
    }

    public void Dispose() => _network.Dispose();

    private static void Lead(Host host, Link gateway)
    {
        host.Namespace.Ip("-4", "route", "add", "default", "via", $"{gateway.Address}");
        host.Namespace.Ip("-6", "route", "add", "default", "via", $"{gateway.Address6}");
    }
}
