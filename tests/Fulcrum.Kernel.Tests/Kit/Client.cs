using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Kernel.Tests.Kit;

/// <summary>Asks services who answers.</summary>
/// <param name="source">The address of its own that it asks from; null: as the kernel chooses.</param>
internal sealed class Client(NetworkNamespace home, IPAddress? source = null)
{
    public NetworkNamespace Home { get; } = home;

    /// <summary>The same machine by another of its addresses.</summary>
    public Client From(IPAddress address) => new(Home, address);

    /// <summary>One request over a connection of its own. Returns the name of the server.</summary>
    public async Task<string> AskHttp(IPAddress address, ushort port)
    {
        using var connection = await Open(address, port);
        return await connection.Ask();
    }

    /// <summary>So many requests, each over a connection of its own. Returns the names of all servers that answered, in order.</summary>
    public async Task<string[]> AskHttp(IPAddress address, ushort port, int times)
    {
        var names = new List<string>();
        for (var i = 0; i < times; i++)
        {
            names.Add(await AskHttp(address, port));
        }

        return [.. names.Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>A connection that stays.</summary>
    public Task<Connection> Open(IPAddress address, ushort port) => Connection.Open(Home, source, address, port);

    /// <summary>One datagram, from a port of its own. Sent again until there is an answer.</summary>
    public async Task<string> AskUdp(IPAddress address, ushort port) => (await AskUdp(address, port, times: 1))[0];

    /// <summary>So many datagrams, all from one port. Returns the names of all servers that answered, in order.</summary>
    public async Task<string[]> AskUdp(IPAddress address, ushort port, int times)
    {
        using var socket = Home.OpenSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (source is not null)
        {
            socket.Bind(new IPEndPoint(source, 0));
        }

        await socket.ConnectAsync(address, port);
        var names = new List<string>();
        for (var i = 0; i < times; i++)
        {
            var name = "";
            await Wait.Until(
                () =>
                {
                    socket.Send("who?"u8);
                    name = socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead) ? Receive(socket) : "";
                    return name.Length > 0;
                },
                $"an answer of {address}:{port} over UDP"
            );
            names.Add(name);
        }

        return [.. names.Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>One datagram. Returns whom the answer comes from.</summary>
    public async Task<EndPoint> HearUdp(IPAddress address, ushort port)
    {
        using var socket = Home.OpenSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.SendToAsync("who?"u8.ToArray(), new IPEndPoint(address, port));
        var any = new IPEndPoint(
            address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any,
            0
        );
        var answer = await Wait.For(
            socket.ReceiveFromAsync(new byte[100], any),
            $"any answer to what went to {address}:{port}"
        );
        return answer.RemoteEndPoint;
    }

    /// <summary>One message over an association of its own.</summary>
    public async Task<string> AskSctp(IPAddress address, ushort port)
    {
        using var socket = Home.OpenSctpSocket(address.AddressFamily);
        await Wait.For(socket.ConnectAsync(address, port), $"an association with {address}:{port}");
        await socket.SendAsync("who?"u8.ToArray());
        var buffer = new byte[100];
        var read = await Wait.For(
            socket.ReceiveAsync(buffer.AsMemory()).AsTask(),
            $"an answer of {address}:{port} over SCTP"
        );
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    /// <summary>The same by a client that is not ours.</summary>
    public string Curl(IPAddress address, ushort port) =>
        Home.Run("curl", "-s", "-S", "--max-time", "20", $"http://{new IPEndPoint(address, port)}/");

    private static string Receive(Socket socket)
    {
        var buffer = new byte[100];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
        }
        catch (SocketException)
        {
            // Nobody listens there, or not yet: ICMP said so.
            return "";
        }
    }
}
