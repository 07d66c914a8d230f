using System.Net;
using System.Net.Sockets;
using Fulcrum.Forwarding.Marking;
using Fulcrum.TestKit;

namespace Fulcrum.Kernel.Tests.Marking;

public sealed class ListenerMarksTests : IDisposable
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private readonly TrafficLab _lab = new(isBehind: true);
    private readonly ListenerMarks _marks;

    public ListenerMarksTests() => _marks = new(_lab.Hooks, TimeProvider.System);

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task What_is_there_is_not_written_again()
    {
        MarkRule[] rules =
        [
            new()
            {
                Mark = 7,
                Address = TrafficLab.Vip,
                Protocol = Tcp,
                FirstPort = 8000,
                LastPort = 8999,
            },
            new()
            {
                Mark = 8,
                Address = TrafficLab.Vip6,
                Protocol = Udp,
                FirstPort = 53,
            },
            new() { Mark = 9, Address = TrafficLab.Vip6 },
        ];
        Assert.Equal("", string.Join("; ", await _marks.ApplyAsync(rules)));
        var written = _marks.Written;
        Assert.Equal(12, written);
        var seen = _lab.Tc("filter", "show", "dev", "eth0", "ingress");
        Assert.Contains("dst_port 8000-8999", seen);
        Assert.Contains("skbedit  mark 7 continue", seen);
        Assert.Contains("skbedit  mark 9 continue", seen);

        Assert.Empty(await _marks.ApplyAsync(rules));
        // Another run finds them as well.
        var later = new ListenerMarks(_lab.Hooks, TimeProvider.System);
        Assert.Empty(await later.ApplyAsync(rules));
        Assert.Equal((written, 0), (_marks.Written, later.Written));

        // A mark that changes is changed in its place.
        rules[0] = rules[0] with
        {
            Mark = 17,
        };
        Assert.Empty(await later.ApplyAsync(rules));
        // On both interfaces.
        Assert.Equal(2, later.Written);
        Assert.Contains("mark 17", _lab.Tc("filter", "show", "dev", "eth0", "ingress"));

        Assert.Empty(await later.ApplyAsync([]));
        Assert.DoesNotContain("clsact", _lab.Tc("qdisc", "show", "dev", "eth0"));
    }

    [Fact]
    public async Task What_others_have_there_stays()
    {
        _lab.Tc("qdisc", "add", "dev", "eth0", "clsact");
        Assert.Empty(await _marks.ApplyAsync([new() { Mark = 7, Address = TrafficLab.Vip }]));
        Assert.Empty(await _marks.ApplyAsync([]));
        Assert.Contains("clsact", _lab.Tc("qdisc", "show", "dev", "eth0"));

        // Ours, but somebody else came to use it.
        _lab.Tc("qdisc", "del", "dev", "eth0", "clsact");
        Assert.Empty(await _marks.ApplyAsync([new() { Mark = 7, Address = TrafficLab.Vip }]));
        _lab.Tc("filter", "add", "dev", "eth0", "egress", "protocol", "all", "pref", "3", "matchall", "action", "ok");
        Assert.Empty(await _marks.ApplyAsync([]));
        Assert.Contains("matchall", _lab.Tc("filter", "show", "dev", "eth0", "egress"));
        _lab.Tc("filter", "del", "dev", "eth0", "egress", "pref", "3");
        Assert.Empty(await _marks.ApplyAsync([]));
        Assert.DoesNotContain("clsact", _lab.Tc("qdisc", "show", "dev", "eth0"));
    }

    [Fact]
    public async Task Interfaces_that_come_get_them_and_what_was_taken_comes_back()
    {
        using var stop = new CancellationTokenSource();
        Assert.Empty(await _marks.ApplyAsync([new() { Mark = 7, Address = TrafficLab.Vip }]));
        var run = _marks.RunAsync(stop.Token);
        _lab.Director.Namespace.Ip("link", "add", "name", "late0", "type", "dummy");
        _lab.Director.Namespace.Ip("link", "set", "dev", "late0", "up");
        await Wait.Until(
            () => _lab.Tc("filter", "show", "dev", "late0", "ingress").Contains("mark 7", StringComparison.Ordinal),
            "the mark on an interface that came up"
        );
        _lab.Tc("filter", "del", "dev", "eth0", "ingress");
        await Wait.Until(
            () => _lab.Tc("filter", "show", "dev", "eth0", "ingress").Contains("mark 7", StringComparison.Ordinal),
            "the mark that was taken away"
        );
        _lab.Tc("qdisc", "del", "dev", "eth0", "clsact");
        await Wait.Until(
            () => _lab.Tc("filter", "show", "dev", "eth0", "ingress").Contains("mark 7", StringComparison.Ordinal),
            "the mark whose place was taken away"
        );
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task A_range_is_one_service_and_a_narrower_rule_counts_more()
    {
        await IsOneService(isIPv6: false);
        await IsOneService(isIPv6: true);
    }

    [Fact]
    public async Task A_datagram_in_fragments_has_ports()
    {
        MarkRule rule = new()
        {
            Mark = 7,
            Address = TrafficLab.Vip,
            Protocol = Udp,
            FirstPort = 5000,
            LastPort = 5999,
        };
        Assert.Empty(await _marks.ApplyAsync([rule]));
        Serve(7, isIPv6: false, _lab.Backend.Address);
        using var servers = Exchange.Serve(_lab.Backend, ProtocolType.Udp, _lab.Backend.Address, 5353);
        Assert.EndsWith(" 4096", await Ask(ProtocolType.Udp, TrafficLab.Vip, 5353, 4096));
    }

    [Fact]
    public async Task All_ports_are_one_service_for_datagrams_in_fragments_too()
    {
        await AreOneService(isIPv6: false);
        await AreOneService(isIPv6: true);
    }

    private async Task IsOneService(bool isIPv6)
    {
        var vip = isIPv6 ? TrafficLab.Vip6 : TrafficLab.Vip;
        var backend = isIPv6 ? _lab.Backend.Address6 : _lab.Backend.Address;
        Assert.Empty(
            await _marks.ApplyAsync([
                new()
                {
                    Mark = 7,
                    Address = vip,
                    Protocol = Tcp,
                    FirstPort = 8000,
                    LastPort = 8099,
                },
                new()
                {
                    Mark = 0,
                    Address = vip,
                    Protocol = Tcp,
                    FirstPort = 8050,
                },
            ])
        );
        Serve(7, isIPv6, backend);
        using var servers = Exchange.Serve(_lab.Backend, ProtocolType.Tcp, backend, 8000, 8099, 8050, 8100);
        Assert.NotNull(await Ask(ProtocolType.Tcp, vip, 8000));
        Assert.NotNull(await Ask(ProtocolType.Tcp, vip, 8099));
        Assert.Null(await Ask(ProtocolType.Tcp, vip, 8050));
        Assert.Null(await Ask(ProtocolType.Tcp, vip, 8100));
    }

    private async Task AreOneService(bool isIPv6)
    {
        var vip = isIPv6 ? TrafficLab.Vip6 : TrafficLab.Vip;
        var backend = isIPv6 ? _lab.Backend.Address6 : _lab.Backend.Address;
        Assert.Empty(await _marks.ApplyAsync([new() { Mark = 7, Address = vip }]));
        Serve(7, isIPv6, backend);
        using var servers = Exchange.Serve(_lab.Backend, ProtocolType.Udp, backend, 5353, 99);
        Assert.EndsWith(" 4", await Ask(ProtocolType.Udp, vip, 99));
        Assert.EndsWith(" 4096", await Ask(ProtocolType.Udp, vip, 5353, 4096));
    }

    private void Serve(int mark, bool isIPv6, IPAddress backend)
    {
        string[] family = isIPv6 ? ["-6"] : [];
        _lab.Ipvs(["-A", "-f", $"{mark}", .. family, "-s", "rr"]);
        _lab.Ipvs(["-a", "-f", $"{mark}", .. family, "-r", isIPv6 ? $"[{backend}]:0" : $"{backend}", "-m"]);
    }

    private Task<string?> Ask(ProtocolType protocol, IPAddress vip, int port, int bytes = 4) =>
        Exchange.AskAsync(_lab.Client, protocol, new(vip, port), bytes, TimeSpan.FromSeconds(4));
}
