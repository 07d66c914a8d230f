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
        Row[] rows = [new(Tcp, IsSix: false), new(Tcp, IsSix: true), new(Udp, IsSix: false), new(Udp, IsSix: true)];
        foreach (var row in rows)
        {
            var flag = row.Protocol == Tcp ? "-t" : "-u";
            _lab.Ipvs("-A", flag, Text(row.Vip, 80), "-s", "rr");
            _lab.Ipvs("-a", flag, Text(row.Vip, 80), "-r", Text(Backend(row), 8080), "-m");
        }

        var servers = rows.Select(row => Exchange.Serve(_lab.Backend, row.Kind, Backend(row), 8080)).ToList();
        var unanswered = await Task.WhenAll(
            rows.Select(row =>
                Exchange.AskAsync(_lab.Client, row.Kind, new(row.Vip, 80), patience: TimeSpan.FromSeconds(2))
            )
        );
        Assert.All(unanswered, Assert.Null);

        Assert.Empty(
            await _sources.ApplyAsync([
                .. rows.Select(row => new SourceRule
                {
                    Backend = Backend(row),
                    Protocol = row.Protocol,
                    Port = 8080,
                    First = row.Source,
                }),
            ])
        );
        foreach (var row in rows)
        {
            Assert.Equal($"{row.Source} 4", await Exchange.AskAsync(_lab.Client, row.Kind, new(row.Vip, 80)));
            Assert.Equal($"{row.Source} 4", await Exchange.AskAsync(_lab.Client, row.Kind, new(row.Vip, 80)));
            // And what the director asks itself.
            Assert.Equal($"{row.Source} 4", await Exchange.AskAsync(_lab.Director, row.Kind, new(Backend(row), 8080)));
        }

        servers.ForEach(server => server.Dispose());
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

    private static string Text(IPAddress address, int port) => $"{new IPEndPoint(address, port)}";

    private IPAddress Backend(Row row) => row.IsSix ? _lab.Backend.Address6 : _lab.Backend.Address;

    private sealed record Row(byte Protocol, bool IsSix)
    {
        public ProtocolType Kind => Protocol == Tcp ? ProtocolType.Tcp : ProtocolType.Udp;

        public IPAddress Vip => IsSix ? TrafficLab.Vip6 : TrafficLab.Vip;

        public IPAddress Source { get; } = IPAddress.Parse(IsSix ? "fd00:0:0:1::200" : "10.0.1.200");
    }
}
