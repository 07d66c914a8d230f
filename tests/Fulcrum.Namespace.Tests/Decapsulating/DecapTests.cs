using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests.Decapsulating;

/// <summary>
/// A backend without any tunnel device: what a balancer sends through tunnels reaches the server at the vip, and the
/// client has its answer from there. The balancer is played by sockets.
/// </summary>
public sealed class DecapTests : IDisposable
{
    private const int Port = 5300;
    private const int GuePort = 6080;
    private static readonly IPAddress Vip4 = IPAddress.Parse("192.0.2.10");
    private static readonly IPAddress Vip6 = IPAddress.Parse("2001:db8::10");

    private readonly Topology _network = new();
    private readonly Host _client;
    private readonly Host _balancer;
    private readonly Host _backend;

    public DecapTests()
    {
        (_client, _balancer, _backend) = (
            _network.AddHost("client"),
            _network.AddHost("balancer"),
            _network.AddHost("backend")
        );
        // Where answers come from is believed if there is a way to it.
        _client.Namespace.Ip("route", "add", $"{Vip4}/32", "dev", "eth0");
    }

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("xdp", "xdp")]
    [InlineData("tc", "tcx")]
    [InlineData("auto", "tcx")]
    public async Task A_client_is_answered_from_the_vip_through_every_tunnel(string hook, string place)
    {
        RaiseVips();
        await using var decap = await DecapProcess.StartAsync(
            _backend.Namespace,
            ["--interface", "eth0", "--vip", $"{Vip4}", "--vip", $"{Vip6}", "--hook", hook]
        );
        await decap.WaitForLog(
            $"taking tunnels off at eth0 ({place}), for {Vip4}, {Vip6}; GUE at UDP port 6080; from anybody"
        );
        var sent = 0;
        foreach (var vip in new[] { Vip4, Vip6 })
        {
            using var server = Open(_backend, vip, Port);
            using var client = Open(
                _client,
                vip.AddressFamily == Vip4.AddressFamily ? _client.Address : _client.Address6,
                0
            );
            foreach (var outer in new[] { _backend.Address, _backend.Address6 })
            {
                foreach (var isGue in new[] { false, true })
                {
                    var text = $"{++sent} {vip} in {outer}";
                    Send(outer, isGue, client, vip, text);
                    Assert.Equal(text, await AnswerAsync(server, client, vip));
                }
            }
        }

        Assert.Equal(0, await decap.Stop());
        foreach (var line in new[] { "IPv4 in IPv4", "IPv6 in IPv4", "IPv4 in IPv6", "IPv6 in IPv6" })
        {
            Assert.Contains($"           1  taken off: {line}", decap.Log.Lines);
        }

        Assert.Contains("           2  taken off: GUE in IPv4", decap.Log.Lines);
        Assert.Contains("           2  taken off: GUE in IPv6", decap.Log.Lines);
        // Nothing stays.
        Assert.DoesNotContain(
            "prog",
            _backend.Namespace.Ip("-details", "link", "show", "eth0"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Only_balancers_are_believed_and_a_vip_that_is_missing_is_told()
    {
        await using var decap = await DecapProcess.StartAsync(
            _backend.Namespace,
            ["--interface", "eth0", "--vip", $"{Vip4}", "--from", $"{_balancer.Address}"]
        );
        await decap.WaitForLog(
            $"fulcrum: warning: {Vip4} is no address of this host, which will not take its packets: ip address add {Vip4}/32 dev lo"
        );
        RaiseVips();
        using var server = Open(_backend, Vip4, Port);
        using var client = Open(_client, _client.Address, 0);
        var packet = ClientPacket.Of((IPEndPoint)client.LocalEndPoint!, new(Vip4, Port), "from a stranger"u8);
        using (var stranger = Open(_client, _client.Address, 0))
        {
            stranger.SendTo(packet, new IPEndPoint(_backend.Address, GuePort));
        }

        Send(_backend.Address, isGue: true, client, Vip4, "from the balancer");
        Assert.Equal("from the balancer", await AnswerAsync(server, client, Vip4));
        Assert.Equal(0, await decap.Stop());
        Assert.Contains("           1  dropped: for a vip, but from none of the balancers (--from)", decap.Log.Lines);
    }

    private void RaiseVips()
    {
        _backend.Namespace.Ip("address", "add", $"{Vip4}/32", "dev", "lo");
        _backend.Namespace.Ip("address", "add", $"{Vip6}/128", "dev", "lo", "nodad");
    }

    private void Send(IPAddress outer, bool isGue, Socket client, IPAddress vip, string text)
    {
        var packet = ClientPacket.Of((IPEndPoint)client.LocalEndPoint!, new(vip, Port), Encoding.ASCII.GetBytes(text));
        if (isGue)
        {
            using var socket = _balancer.Namespace.OpenSocket(outer.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.SendTo(packet, new IPEndPoint(outer, GuePort));
            return;
        }

        var inside = vip.AddressFamily == AddressFamily.InterNetwork ? (byte)4 : (byte)41;
        var source = outer.AddressFamily == AddressFamily.InterNetwork ? _balancer.Address : _balancer.Address6;
        // One that takes whole packets.
        using var raw = _balancer.Namespace.OpenSocket(outer.AddressFamily, SocketType.Raw, ProtocolType.Raw);
        raw.SendTo(ClientPacket.Packet(source, outer, inside, packet), new IPEndPoint(outer, 0));
    }

    private static async Task<string> AnswerAsync(Socket server, Socket client, IPAddress vip)
    {
        var room = new byte[200];
        var any = new IPEndPoint(
            vip.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any,
            0
        );
        var heard = await Wait.For(server.ReceiveFromAsync(room, any), "the server to hear the client");
        Assert.Equal(client.LocalEndPoint, heard.RemoteEndPoint);
        server.SendTo(room.AsSpan(0, heard.ReceivedBytes), heard.RemoteEndPoint);
        var answer = await Wait.For(client.ReceiveFromAsync(room, any), "the client to be answered");
        Assert.Equal(new IPEndPoint(vip, Port), answer.RemoteEndPoint);
        return Encoding.ASCII.GetString(room, 0, answer.ReceivedBytes);
    }

    private static Socket Open(Host host, IPAddress address, int port)
    {
        var socket = host.Namespace.OpenSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }
}
