using System.Net;
using System.Net.Sockets;
using Fulcrum.Forwarding.SourceNat;
using Fulcrum.Kernel.Tests.Marking;
using Fulcrum.TestKit;

namespace Fulcrum.Kernel.Tests.SourceNat;

/// <summary>One Ethernet, no route back by the director: only with a source of ours does NAT work there.</summary>
public sealed class BackendSourcesTests : IDisposable
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private readonly TrafficLab _lab = new(isBehind: false);
    private readonly BackendSources _sources;

    public BackendSourcesTests()
    {
        _sources = new(_lab.Hooks, TimeProvider.System);
        _lab.Director.Namespace.IpBatch(
            "address add 10.0.1.200/24 dev eth0",
            "address add 10.0.1.201/24 dev eth0",
            "address add fd00:0:0:1::200/64 dev eth0 nodad"
        );
    }

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task A_backend_sees_an_address_of_ours_and_answers_here()
    {
        await Sees(Tcp, isIPv6: false);
        await Sees(Tcp, isIPv6: true);
        await Sees(Udp, isIPv6: false);
        await Sees(Udp, isIPv6: true);
    }

    [Fact]
    public async Task Without_a_port_all_ports_are_translated_and_a_range_is_used()
    {
        _lab.Ipvs("-A", "-f", "7", "-s", "rr");
        _lab.Ipvs("-a", "-f", "7", "-r", $"{_lab.Backend.Address}:0", "-m");
        var marks = new Fulcrum.Forwarding.Marking.ListenerMarks(_lab.Hooks, TimeProvider.System);
        Assert.Empty(await marks.ApplyAsync([new() { Mark = 7, Address = TrafficLab.Vip }]));
        SourceRule rule = new()
        {
            Backend = _lab.Backend.Address,
            Protocol = Tcp,
            First = IPAddress.Parse("10.0.1.200"),
            Last = IPAddress.Parse("10.0.1.201"),
        };
        Assert.Empty(await _sources.ApplyAsync([rule]));
        using var servers = Exchange.Serve(_lab.Backend, ProtocolType.Tcp, _lab.Backend.Address, 8000, 8001);
        foreach (var port in new[] { 8000, 8001 })
        {
            var seen = await Exchange.AskAsync(_lab.Client, ProtocolType.Tcp, new(TrafficLab.Vip, port));
            Assert.Contains(seen, new[] { "10.0.1.200 4", "10.0.1.201 4" });
        }
    }

    [Fact]
    public async Task What_is_there_is_not_written_again_and_marks_stay()
    {
        var marks = new Fulcrum.Forwarding.Marking.ListenerMarks(_lab.Hooks, TimeProvider.System);
        Assert.Empty(await marks.ApplyAsync([new() { Mark = 7, Address = TrafficLab.Vip }]));
        SourceRule[] rules =
        [
            new()
            {
                Backend = _lab.Backend.Address,
                Protocol = Tcp,
                Port = 8080,
                First = IPAddress.Parse("10.0.1.200"),
                Last = IPAddress.Parse("10.0.1.201"),
            },
        ];
        Assert.Empty(await _sources.ApplyAsync(rules));
        var later = new BackendSources(_lab.Hooks, TimeProvider.System);
        Assert.Empty(await later.ApplyAsync(rules));
        Assert.Equal(0, later.Written);
        Assert.Empty(await later.ApplyAsync([]));
        Assert.DoesNotContain("ct ", _lab.Tc("filter", "show", "dev", "eth0", "egress"));
        Assert.Contains("mark 7", _lab.Tc("filter", "show", "dev", "eth0", "ingress"));
    }

    [Fact]
    public async Task An_address_that_is_not_ours_is_told_and_used_once_it_is()
    {
        using var stop = new CancellationTokenSource();
        SourceRule rule = new()
        {
            Backend = _lab.Backend.Address,
            Protocol = Tcp,
            First = IPAddress.Parse("10.0.1.250"),
        };
        Assert.Equal(
            ["10.0.1.250 is no address of this node, so answers to it would not come back"],
            await _sources.ApplyAsync([rule])
        );
        var run = _sources.RunAsync(stop.Token);
        _lab.Director.Namespace.Ip("address", "add", "10.0.1.250/24", "dev", "eth0");
        await Wait.Until(() => _sources.Problems.Count == 0, "the address to be heard of");
        Assert.Contains("10.0.1.250", _lab.Tc("filter", "show", "dev", "eth0", "egress"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private async Task Sees(byte protocol, bool isIPv6)
    {
        var vip = isIPv6 ? TrafficLab.Vip6 : TrafficLab.Vip;
        var backend = isIPv6 ? _lab.Backend.Address6 : _lab.Backend.Address;
        var kind = protocol == Tcp ? ProtocolType.Tcp : ProtocolType.Udp;
        var flag = protocol == Tcp ? "-t" : "-u";
        _lab.Ipvs("-A", flag, Text(vip, 80), "-s", "rr");
        _lab.Ipvs("-a", flag, Text(vip, 80), "-r", Text(backend, 8080), "-m");
        using var server = Exchange.Serve(_lab.Backend, kind, backend, 8080);
        Assert.Null(await Exchange.AskAsync(_lab.Client, kind, new(vip, 80), patience: TimeSpan.FromSeconds(2)));

        var source = IPAddress.Parse(isIPv6 ? "fd00:0:0:1::200" : "10.0.1.200");
        SourceRule rule = new()
        {
            Backend = backend,
            Protocol = protocol,
            Port = 8080,
            First = source,
        };
        Assert.Empty(await _sources.ApplyAsync([rule]));
        Assert.Equal($"{source} 4", await Exchange.AskAsync(_lab.Client, kind, new(vip, 80)));
        Assert.Equal($"{source} 4", await Exchange.AskAsync(_lab.Client, kind, new(vip, 80)));
        // And what the director asks itself.
        Assert.Equal($"{source} 4", await Exchange.AskAsync(_lab.Director, kind, new(backend, 8080)));
    }

    private static string Text(IPAddress address, int port) => $"{new IPEndPoint(address, port)}";
}
