using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Probing;
using Fulcrum.Health.Probing.Sockets;
using Fulcrum.Health.Scheduling;
using Fulcrum.Linux;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Health.Tests;

/// <summary>
/// Two machines have the vip, and so has ours; which of them answers, the mark alone decides, by a rule of routing. So
/// who answers proves that the packets had it, and what he saw, from whom they came.
/// </summary>
[Collection(nameof(Alone))]
public sealed class MarkedProbeTests : IDisposable
{
    private const int Port = 8080;
    private const int Mark = 7;

    private static readonly IPAddress Vip = IPAddress.Parse("192.0.2.80");

    private readonly Topology _topology = new();
    private readonly Host _home;
    private readonly Host _plain;
    private readonly Host _marked;

    public MarkedProbeTests()
    {
        var other = _topology.AddSegment();
        _home = _topology.AddHost("home", _topology.Segment, other);
        _plain = _topology.AddHost("plain");
        _marked = _topology.AddHost("marked", other);
        foreach (var host in new[] { _home, _plain, _marked })
        {
            host.Namespace.Ip("address", "add", $"{Vip}/32", "dev", "lo");
        }

        // Ours comes before all other rules, as the vip is an address of this machine.
        _home.Namespace.Ip("route", "add", $"{Vip}/32", "via", $"{_marked.Address}", "table", "77");
        _home.Namespace.Ip("route", "add", $"{Vip}/32", "via", $"{_plain.Address}", "table", "78");
        _home.Namespace.Ip("rule", "add", "fwmark", $"{Mark}", "lookup", "77", "priority", "1");
        _home.Namespace.Ip("rule", "add", "lookup", "78", "priority", "2");
        _home.Namespace.Ip("rule", "add", "lookup", "local", "priority", "3");
        _home.Namespace.Ip("rule", "del", "lookup", "local", "priority", "0");
    }

    public void Dispose() => _topology.Dispose();

    public static TheoryData<string> Kinds { get; } = ["tcp", "udp"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_marked_probe_goes_where_the_mark_leads_and_not_as_the_vip(string kind)
    {
        using var first = Serve(_plain, kind, "plain");
        using var second = Serve(_marked, kind, "marked");
        var source = _home.Links[1].Address;
        Assert.Equal(
            Verdict.Healthy,
            await VerdictOf(Task(kind, $"marked {source}") with { Mark = Mark, Through = _marked.Address })
        );
        // A source that is written counts.
        var written = IPAddress.Parse("10.0.2.200");
        _home.Namespace.Ip("address", "add", $"{written}/24", "dev", "eth1");
        Assert.Equal(
            Verdict.Healthy,
            await VerdictOf(
                Task(kind, $"marked {written}") with
                {
                    Mark = Mark,
                    Through = _marked.Address,
                    Source = written,
                }
            )
        );
        Assert.Equal(
            Verdict.Healthy,
            await VerdictOf(Task(kind, $"plain {_home.Address}") with { Source = _home.Address })
        );
    }

    [Fact]
    public async Task An_echo_request_through_a_plane_is_refused()
    {
        var health = await HealthOf(
            Task("tcp", "") with
            {
                Probe = new IcmpProbe(),
                Mark = Mark,
                Through = _marked.Address,
            }
        );
        Assert.Equal(Verdict.Unknown, health.Verdict);
        Assert.Contains("no plane carries ICMP", health.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vip_of_the_other_family_needs_a_source_that_is_written()
    {
        var health = await HealthOf(Task("tcp", "") with { Mark = Mark, Through = _marked.Address6 });
        Assert.Equal(Verdict.Unknown, health.Verdict);
        Assert.Contains("the check needs 'source'", health.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exec_probe_is_told_its_mark()
    {
        var probe = new ExecProbe { Command = ["/bin/sh", "-c", "test \"$FULCRUM_MARK\" = 7"] };
        Assert.Equal(Verdict.Healthy, await VerdictOf(Task("tcp", "") with { Probe = probe, Mark = Mark }));
    }

    [Theory]
    [InlineData(Errno.NotPermitted, Mark, "firewall mark needs CAP_NET_ADMIN")]
    [InlineData(Errno.AddressNotAvailable, Mark, "source address or port not available")]
    [InlineData(Errno.AddressNotAvailable, null, "source address or port not available")]
    public void What_is_refused_is_said_as_what_is_lacking(Errno refusal, int? mark, string words)
    {
        var result = ProbeTarget.Of(Task("tcp", "") with { Mark = mark }).Judge(refusal);
        Assert.Equal(ProbeResult.Unclear(words), result);
    }

    private static ProbeTask Task(string kind, string expect) =>
        ProberRig.TaskFor(
            kind == "tcp"
                ? new TcpProbe { Send = "?", Expect = new(TextPatternKind.Exact, expect) }
                : new UdpProbe { Send = "?", Expect = new(TextPatternKind.Exact, expect) },
            new IPEndPoint(Vip, Port)
        );

    private async Task<Verdict> VerdictOf(ProbeTask task)
    {
        var health = await HealthOf(task);
        TestContext.Current.TestOutputHelper?.WriteLine($"{task}: {health.Reason}");
        return health.Verdict;
    }

    // The prober's thread is where it was made.
    private async Task<CheckHealth> HealthOf(ProbeTask task)
    {
        var heard = new TaskCompletionSource<CheckHealth>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var prober = _home.Namespace.Run(() =>
            new Prober(new Listener(heard), TimeProvider.System, Seeds.NewRandom(), new ProberOptions())
        );
        prober.Apply(
            Map.SetOf<ProbeTask>([task with { Interval = TimeSpan.FromMilliseconds(50), Rise = 1, Fall = 1 }])
        );
        return await Wait.For(heard.Task, $"a verdict of {task}");
    }

    private static Socket Serve(Host host, string kind, string name)
    {
        var isTcp = kind == "tcp";
        var socket = host.Namespace.OpenSocket(
            AddressFamily.InterNetwork,
            isTcp ? SocketType.Stream : SocketType.Dgram,
            isTcp ? ProtocolType.Tcp : ProtocolType.Udp
        );
        socket.Bind(new IPEndPoint(Vip, Port));
        _ = isTcp ? AcceptAsync(socket, name) : AnswerAsync(socket, name);
        return socket;
    }

    private static async Task AcceptAsync(Socket listener, string name)
    {
        listener.Listen();
        try
        {
            while (true)
            {
                _ = AnswerOneAsync(await listener.AcceptAsync(), name);
            }
        }
        catch (SocketException)
        {
            // It was closed.
        }
    }

    // What is left unread at the end would make a reset of it, and the answer could be lost.
    private static async Task AnswerOneAsync(Socket one, string name)
    {
        using (one)
        {
            try
            {
                await one.ReceiveAsync(new byte[16]);
                await one.SendAsync(Words(name, one.RemoteEndPoint!));
            }
            catch (SocketException)
            {
                // The prober has what it wanted, or has ended.
            }
        }
    }

    private static async Task AnswerAsync(Socket socket, string name)
    {
        try
        {
            while (true)
            {
                var got = await socket.ReceiveFromAsync(new byte[16], new IPEndPoint(IPAddress.Any, 0));
                await socket.SendToAsync(Words(name, got.RemoteEndPoint), got.RemoteEndPoint);
            }
        }
        catch (SocketException)
        {
            // It was closed.
        }
    }

    private static byte[] Words(string name, EndPoint from) =>
        Encoding.ASCII.GetBytes($"{name} {((IPEndPoint)from).Address}");

    private sealed class Listener(TaskCompletionSource<CheckHealth> heard) : IHealthListener
    {
        public void OnHealth(ProbeTask task, CheckHealth health) => heard.TrySetResult(health);
    }
}
