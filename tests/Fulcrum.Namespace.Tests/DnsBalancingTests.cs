using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests;

/// <summary>A DNS service over UDP and TCP on two dnsmasq that answer one name differently.</summary>
public sealed class DnsBalancingTests : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);
    private const int Fall = 2;

    private readonly Topology _network;
    private readonly Host _client;
    private readonly Host _director;
    private readonly Host[] _hosts;
    private readonly DnsmasqPeer[] _servers = new DnsmasqPeer[2];
    private Daemon? _daemon;

    public DnsBalancingTests()
    {
        _ = Require.Tool("dnsmasq");
        _network = new Topology();
        _client = _network.AddHost("client");
        _director = _network.AddHost("director");
        _hosts = [_network.AddHost("b1"), _network.AddHost("b2")];
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }

        _network.Dispose();
    }

    [Fact]
    public async Task A_server_that_dies_is_left_out_over_udp_and_tcp()
    {
        await Start();
        await using var udp = DnsLoad.Start(
            _client.Namespace,
            new()
            {
                Target = new(_director.Address, 53),
                Name = "who.test",
                Clients = 16,
                Interval = TimeSpan.FromMilliseconds(5),
                Timeout = Patience,
            }
        );
        await udp.WaitForSuccesses(1_000);
        Assert.Equal(["192.0.2.1", "192.0.2.2"], udp.Report.ByLabel.Keys);
        Assert.Equal(0, udp.Report.Failed);
        Assert.Equal(["192.0.2.1", "192.0.2.2"], await AskOverTcp(20));

        var killed = udp.Report.Elapsed;
        await _servers[1].Kill();
        // Over TCP a refused connection goes elsewhere at once: no client notices.
        Assert.Equal(["192.0.2.1"], await AskOverTcp(20));
        await Status.Until(_daemon!, status => status.Duty("dns", "b2") == "rest", "the daemon to notice");
        await udp.WaitForSuccesses(1_000);
        foreach (var failure in udp.Report.Failures)
        {
            var asked = failure.At - (failure.Failure.Kind == FailureKind.TimedOut ? Patience : TimeSpan.Zero);
            Assert.True(asked <= killed + (Interval * Fall), udp.Report.ToString());
        }

        _servers[1] = await StartServer(1);
        await Status.Until(_daemon!, status => status.Duty("dns", "b2") == "serve", "the server to be back");
        var before = udp.Report.ByLabel;
        await udp.WaitForSuccesses(2_000);
        var report = await udp.Stop();
        var gained = report.ByLabel.ToDictionary(item => item.Key, item => item.Value - before[item.Key]);
        Assert.InRange((double)gained["192.0.2.2"] / gained.Values.Sum(), 0.45, 0.55);
        Assert.Equal(["192.0.2.1", "192.0.2.2"], await AskOverTcp(20));
    }

    [Fact]
    public async Task Fifty_thousand_one_shot_clients_leave_nothing_behind()
    {
        const int Clients = 50_000;
        await Start();
        await AskByOneShots(2_000);
        await Settle();
        var descriptors = Descriptors();
        await AskByOneShots(Clients);
        await Settle();
        Assert.InRange(Descriptors(), 0, descriptors + 4);
        var memory = ResidentBytes();
        await AskByOneShots(Clients);
        await Settle();
        Assert.InRange(Descriptors(), 0, descriptors + 4);
        // A session of 200 bytes that stayed would be 10 MB here.
        Assert.InRange(ResidentBytes() - memory, long.MinValue, 8 * 1024 * 1024);
    }

    private async Task AskByOneShots(int clients)
    {
        await using var load = DnsLoad.Start(
            _client.Namespace,
            new()
            {
                Target = new(_director.Address, 53),
                Name = "who.test",
                Clients = 32,
                QuestionsPerClient = clients / 32,
            }
        );
        var report = await load.Completion();
        Assert.True(report.Failed == 0, report.ToString());
    }

    private Task Settle() =>
        Status.Until(
            _daemon!,
            status => status.Counter("dns", "active") == 0,
            "the sessions to end by their idle time-out"
        );

    private async Task<IEnumerable<string>> AskOverTcp(int questions)
    {
        var labels = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < questions; i++)
        {
            using var socket = _client.Namespace.OpenSocket(
                AddressFamily.InterNetwork,
                SocketType.Stream,
                ProtocolType.Tcp
            );
            await Wait.For(socket.ConnectAsync(new IPEndPoint(_director.Address, 53)), "a connection");
            var question = DnsMessage.EncodeQuery((ushort)i, "who.test", DnsType.A);
            await socket.SendAsync(
                new byte[] { (byte)(question.Length >> 8), (byte)question.Length }
                    .Concat(question)
                    .ToArray()
            );
            var buffer = new byte[1024];
            var length = 0;
            while (length < 2 || length < 2 + ((buffer[0] << 8) | buffer[1]))
            {
                var read = await Wait.For(socket.ReceiveAsync(buffer.AsMemory(length)).AsTask(), "an answer");
                Assert.True(read > 0, "the connection was closed before the answer");
                length += read;
            }

            labels.Add(DnsMessage.Decode(buffer.AsSpan(2, length - 2)).Answers[0]);
        }

        return labels;
    }

    private int Descriptors() => Directory.GetFiles($"/proc/{_daemon!.Pid}/fd").Length;

    private long ResidentBytes() =>
        File.ReadLines($"/proc/{_daemon!.Pid}/status")
            .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(line =>
                long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
                * 1024
            )
            .Single();

    private Task<DnsmasqPeer> StartServer(int index) =>
        DnsmasqPeer.Start(
            _hosts[index].Namespace,
            new(_hosts[index].Address, 53),
            $"--address=/who.test/192.0.2.{index + 1}"
        );

    private async Task Start()
    {
        for (var i = 0; i < _servers.Length; i++)
        {
            _servers[i] = await StartServer(i);
        }

        _daemon = await Daemon.Start(
            _director.Namespace,
            $$"""
            nodes:
              lb1: { threads: 2 }
            services:
              dns:
                listen: [udp://0.0.0.0:53, tcp://0.0.0.0:53]
                checks: { tcp: {}, interval: {{Interval.TotalSeconds}}s, timeout: 500ms, rise: 2, fall: {{Fall}} }
                sessions: { idle-timeout: {{Idle.TotalSeconds}}s }
                backends:
                  - { address: "{{_hosts[0].Address}}:53", name: b1 }
                  - { address: "{{_hosts[1].Address}}:53", name: b2 }
            """,
            null,
            "--node",
            "lb1"
        );
    }
}
