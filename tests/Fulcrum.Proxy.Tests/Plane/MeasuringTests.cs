using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Plane;
using Fulcrum.Proxy.Sessions;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class MeasuringTests
{
    [Fact]
    public async Task Connecting_and_sessions_are_timed_once_each()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var listener = Sockets.Listen();
        _ = Sockets.EchoAsync(listener);
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        var clients = new List<Socket>();
        for (var index = 0; index < 8; index++)
        {
            clients.Add(await Sockets.ConnectAsync(target));
            await clients[^1].SendAllAsync("x"u8.ToArray());
            _ = await clients[^1].ReceiveExactlyAsync(1);
        }

        var began = Observe(harness);
        Assert.Equal([8, 0, 0, 0, 0, 0, 0], began.Connects.Counts);
        Assert.Equal(0, began.Lengths.Counts.Sum());
        await harness.AdvanceAsync(TimeSpan.FromSeconds(30));
        clients.ForEach(client => client.Dispose());
        await harness.UntilActiveAsync(0);
        var ended = Observe(harness).Lengths;
        Assert.Equal([0, 0, 0, 8, 0, 0, 0], ended.Counts);
        Assert.Equal(8 * 30_000_000L, ended.Microseconds);
    }

    [Fact]
    public async Task Who_is_turned_away_is_counted_by_the_reason()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        _ = Sockets.EchoAsync(listener);
        var backend = PlaneHarness.Backend(listener.LocalEndPoint!);
        harness.Client = new ClientRules { Deny = [IPNetwork.Parse("127.0.0.0/8")] };
        var target = await harness.ServeTcpAsync(backend);
        await Sockets.AssertTurnedAwayAsync(target);
        harness.Client = new ClientRules { MaxConnections = 1 };
        await harness.ApplyAsync(harness.Table(ListenerProtocol.Tcp, IPAddress.Loopback, target.Port, backend));
        using (var first = await Sockets.ConnectAsync(target))
        {
            await first.SendAllAsync("x"u8.ToArray());
            _ = await first.ReceiveExactlyAsync(1);
            await Sockets.AssertTurnedAwayAsync(target);
            await Sockets.AssertTurnedAwayAsync(target);
        }

        await harness.UntilActiveAsync(0);
        harness.Client = ClientRules.None;
        var resting = backend with { Duty = BackendDuty.Rest };
        await harness.ApplyAsync(harness.Table(ListenerProtocol.Tcp, IPAddress.Loopback, target.Port, resting));
        await Sockets.AssertTurnedAwayAsync(target);
        await Wait.Until(() => harness.Counters.Refused == 4, "the refusals");
        var counters = harness.Counters;
        Assert.Equal((1, 2, 1), (counters.RefusedByRule, counters.RefusedByLimit, counters.RefusedUnserved));
    }

    [Fact]
    public async Task Loops_tell_what_they_do()
    {
        var scope = new object();
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, to) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, scope))
                {
                    to.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>(
            (instrument, value, labels, _) =>
                values[$"{instrument.Name} {(labels.IsEmpty ? "" : labels[0].Value)}"] = value
        );
        meters.Start();
        await using var plane = new ProxyPlane(new() { Loops = 2, MeterScope = scope }, TimeProvider.System);
        await using var harness = new PlaneHarness();
        var port = PlaneHarness.FreePort();
        var table = harness.Table(ListenerProtocol.Tcp, IPAddress.Loopback, port);
        await (await plane.PrepareAsync(table, CancellationToken.None)).CommitAsync();
        meters.RecordObservableInstruments();
        foreach (var loop in (string[])["proxy 0", "proxy 1"])
        {
            Assert.Equal(1, values[$"fulcrum.loop.listeners {loop}"]);
            Assert.Equal(0, values[$"fulcrum.loop.sessions {loop}"]);
            Assert.InRange(values[$"fulcrum.loop.wakeups {loop}"], 1, 1_000);
            Assert.InRange(values[$"fulcrum.loop.messages {loop}"], 1, 10);
            Assert.InRange(values[$"fulcrum.loop.sockets {loop}"], 1, 10);
            Assert.Equal(0, values[$"fulcrum.loop.mailbox {loop}"]);
            Assert.Equal(1024, values[$"fulcrum.loop.buffers.limit {loop}"]);
        }
    }

    [Fact]
    public void A_time_belongs_to_the_first_bucket_that_takes_it()
    {
        var cells = DurationCell.Many(2);
        long[] times = [0, 1_000, 1_001, 2_500_000, 2_500_001, long.MaxValue / 4];
        for (var index = 0; index < times.Length; index++)
        {
            cells[index % 2].Record(DurationCell.OfConnects, times[index]);
        }

        var sum = DurationCell.Sum(cells, DurationCell.OfConnects);
        Assert.Equal([2, 1, 0, 0, 0, 1, 2], sum.Counts);
        Assert.Equal(times.Sum(), sum.Microseconds);
        Assert.Equal(sum.Bounds.Count + 1, sum.Counts.Count);
    }

    private static ObservedService Observe(PlaneHarness harness) => harness.Plane.Observe().Services[0];
}
