using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Kernel.Tests.Marking;

/// <summary>What IPVS does with what this machine itself sends to its vip with a mark: the way of checks.</summary>
public sealed class MarkedSocketTests : IDisposable
{
    private const int Port = 80;

    private readonly TrafficLab _lab = new(isBehind: true);

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task A_mark_leads_through_NAT_to_the_backend()
    {
        foreach (var isIPv6 in (bool[])[false, true])
        {
            var (vip, backend) = Ends(isIPv6);
            Serve(isIPv6, backend, "-m");
            using var server = Exchange.Serve(_lab.Backend, ProtocolType.Tcp, backend, Port);
            Assert.Equal($"{Source(isIPv6)} 4", await Ask(vip, isIPv6, 5));
            Assert.Null(await Ask(vip, isIPv6, mark: null));
        }
    }

    [Fact]
    public async Task A_backend_of_DSR_without_the_vip_is_found_out()
    {
        _lab.Director.Namespace.Sysctl("net.ipv4.conf.eth1.accept_local", "1");
        await Task.WhenAll(IsFoundOut(isIPv6: false), IsFoundOut(isIPv6: true));
    }

    /// <summary>Whatever schedule_icmp says: that is about errors. So a check by echo would find every backend well.</summary>
    [Fact]
    public async Task An_echo_request_is_answered_here_whatever_its_mark()
    {
        const int IPHeader = 20;
        const byte Reply = 0;
        Serve(isIPv6: false, IPAddress.Parse("10.0.2.99"), "-m");
        _lab.Director.Namespace.Sysctl("net.ipv4.vs.schedule_icmp", "1");
        using var socket = _lab.Director.Namespace.OpenSocket(
            AddressFamily.InterNetwork,
            SocketType.Raw,
            ProtocolType.Icmp
        );
        Exchange.Mark(socket, 5);
        await socket.ConnectAsync(new IPEndPoint(TrafficLab.Vip, 0));
        await socket.SendAsync(new byte[] { 8, 0, 0xf7, 0xfd, 0, 1, 0, 1 });
        var answer = new byte[64];
        // The socket also hears the request, as it goes to this machine.
        do
        {
            await Wait.For(socket.ReceiveAsync(answer), "an answer of the vip");
        } while (answer[IPHeader] != Reply);
    }

    private async Task IsFoundOut(bool isIPv6)
    {
        var (vip, backend) = Ends(isIPv6);
        Serve(isIPv6, backend, "-g");
        using var server = Exchange.Serve(
            _lab.Backend,
            ProtocolType.Tcp,
            isIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
            Port
        );
        Assert.Null(await Ask(vip, isIPv6, 5));
        _lab.Backend.Namespace.Ip("address", "add", $"{vip}/{(isIPv6 ? 128 : 32)}", "dev", "lo");
        Assert.Equal($"{Source(isIPv6)} 4", await Ask(vip, isIPv6, 5));
    }

    private (IPAddress Vip, IPAddress Backend) Ends(bool isIPv6) =>
        isIPv6 ? (TrafficLab.Vip6, _lab.Backend.Address6) : (TrafficLab.Vip, _lab.Backend.Address);

    private IPAddress Source(bool isIPv6) => isIPv6 ? _lab.Director.Links[1].Address6 : _lab.Director.Links[1].Address;

    private void Serve(bool isIPv6, IPAddress backend, string method)
    {
        string[] family = isIPv6 ? ["-6"] : [];
        _lab.Ipvs(["-A", "-f", "5", .. family, "-s", "rr"]);
        _lab.Ipvs(["-a", "-f", "5", .. family, "-r", isIPv6 ? $"[{backend}]:0" : $"{backend}", method]);
    }

    private Task<string?> Ask(IPAddress vip, bool isIPv6, int? mark) =>
        Exchange.AskAsync(
            _lab.Director,
            ProtocolType.Tcp,
            new(vip, Port),
            patience: TimeSpan.FromSeconds(3),
            mark: mark,
            source: Source(isIPv6)
        );
}
