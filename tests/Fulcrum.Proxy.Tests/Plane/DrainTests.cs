using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>When the sessions of a backend end that drains, and those of a service that is gone.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    // Enough for both loops to have some.
    private const int Sessions = 16;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new();
    private readonly PlaneHarness _harness;
    private readonly Socket _listener = Sockets.Listen();
    private readonly List<Socket> _ends = [];
    private readonly int _port = PlaneHarness.FreePort();

    public DrainTests() => _harness = new PlaneHarness(_time) { Sessions = Within(Deadline) };

    private long Active => _harness.Plane.Observe().Services.Sum(service => service.Counters.Active);

    [Fact]
    public async Task Sessions_end_at_the_time_that_the_table_names()
    {
        await EstablishAsync();
        await DrainAsync(_time.GetUtcNow() + (3 * Deadline));
        await _harness.AdvanceAsync((3 * Deadline) - Tick);
        Assert.Equal(Sessions, Active);
        await _harness.AdvanceAsync(Tick);
        Assert.Equal(0, Active);
    }

    [Fact]
    public async Task A_time_in_the_past_ends_them_at_once()
    {
        await EstablishAsync();
        await DrainAsync(_time.GetUtcNow() - Deadline);
        await _harness.SyncAsync();
        Assert.Equal(0, Active);
        // It drains, and gets nobody new.
        await Sockets.AssertTurnedAwayAsync(new IPEndPoint(IPAddress.Loopback, _port));
    }

    [Fact]
    public async Task A_later_table_puts_the_time_off()
    {
        await EstablishAsync();
        var first = _time.GetUtcNow() + Deadline;
        await DrainAsync(first);
        await _harness.AdvanceAsync(Deadline - Tick);
        await DrainAsync(first + Deadline);
        await _harness.AdvanceAsync(Deadline);
        Assert.Equal(Sessions, Active);
        await _harness.AdvanceAsync(Tick);
        Assert.Equal(0, Active);
    }

    [Fact]
    public async Task A_later_table_brings_the_time_forward()
    {
        await EstablishAsync();
        await DrainAsync(_time.GetUtcNow() + Deadline);
        await _harness.AdvanceAsync(Tick);
        await DrainAsync(_time.GetUtcNow() + (2 * Tick));
        await _harness.AdvanceAsync(Tick);
        Assert.Equal(Sessions, Active);
        await _harness.AdvanceAsync(Tick);
        Assert.Equal(0, Active);
    }

    [Fact]
    public async Task Without_a_time_the_deadline_of_the_service_runs_from_the_first_table()
    {
        await EstablishAsync();
        await DrainAsync(null);
        await _harness.AdvanceAsync(Deadline - Tick);
        await _harness.ApplyAsync(Table(Backend(BackendDuty.Drain) with { Weight = 2 }));
        Assert.Equal(Sessions, Active);
        await _harness.AdvanceAsync(Tick);
        Assert.Equal(0, Active);
    }

    [Theory]
    [InlineData(BackendDuty.Serve)]
    [InlineData(BackendDuty.Rest)]
    public async Task What_drains_no_more_is_not_ended(BackendDuty duty)
    {
        await EstablishAsync();
        await DrainAsync(_time.GetUtcNow() + Deadline);
        await _harness.ApplyAsync(Table(Backend(duty)));
        await _harness.AdvanceAsync(2 * Deadline);
        Assert.Equal(Sessions, Active);
    }

    [Fact]
    public async Task What_drains_and_then_is_gone_gets_no_more_time_for_that()
    {
        await EstablishAsync();
        await DrainAsync(_time.GetUtcNow() + (2 * Tick));
        await _harness.ApplyAsync(Table());
        await _harness.AdvanceAsync(Tick);
        Assert.Equal(Sessions, Active);
        await _harness.AdvanceAsync(Tick);
        Assert.Equal(0, Active);
    }

    [Fact]
    public async Task A_service_without_a_deadline_that_is_gone_ends_its_sessions_at_once()
    {
        await EstablishAsync();
        _harness.Sessions = Within(TimeSpan.Zero);
        await _harness.ApplyAsync(Table(Backend()));
        await _harness.SyncAsync();
        Assert.Equal(Sessions, Active);
        await _harness.ApplyAsync(_harness.Table());
        await _harness.SyncAsync();
        Assert.Equal(0, Active);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task So_do_those_of_its_backends_that_had_time_left(bool gone)
    {
        await EstablishAsync();
        await _harness.ApplyAsync(gone ? Table() : Table(Drained(_time.GetUtcNow() + (3 * Deadline))));
        Assert.Equal(Sessions, Active);
        _harness.Sessions = Within(TimeSpan.Zero);
        await _harness.ApplyAsync(gone ? Table() : Table(Drained(_time.GetUtcNow() + (3 * Deadline))));
        await _harness.ApplyAsync(_harness.Table());
        await _harness.SyncAsync();
        Assert.Equal(0, Active);
    }

    [Fact]
    public async Task So_does_a_service_of_datagrams_and_it_leaves_no_socket()
    {
        using var backend = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        backend.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var target = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort(ProtocolType.Udp));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var before = Sockets.Count();
        _harness.Sessions = Within(TimeSpan.Zero);
        await _harness.ApplyAsync(
            _harness.Table(
                ListenerProtocol.Udp,
                target.Address,
                target.Port,
                PlaneHarness.Backend(backend.LocalEndPoint!)
            )
        );
        await client.SendToAsync(new byte[] { 1 }, target);
        Assert.Equal(1, await Wait.For(backend.ReceiveAsync(new byte[16]), "the datagram"));
        Assert.Equal(1, Active);
        await _harness.ApplyAsync(_harness.Table());
        await _harness.SyncAsync();
        Assert.Equal(0, Active);
        Assert.Equal(before, Sockets.Count());
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _ends.ForEach(end => end.Dispose());
        _listener.Dispose();
        await _harness.DisposeAsync();
    }

    private static SessionOptions Within(TimeSpan deadline) => new() { Drain = new() { Deadline = deadline } };

    private PlaneBackend Backend(BackendDuty duty = BackendDuty.Serve) =>
        PlaneHarness.Backend(_listener.LocalEndPoint!, duty);

    private PlaneBackend Drained(DateTimeOffset? until) => Backend(BackendDuty.Drain) with { DrainUntil = until };

    private PlaneTable Table(params PlaneBackend[] backends) => _harness.Table(_harness.Service(_port, backends));

    private Task DrainAsync(DateTimeOffset? until) => _harness.ApplyAsync(Table(Drained(until)));

    private async Task EstablishAsync()
    {
        await _harness.ApplyAsync(Table(Backend()));
        for (var session = 0; session < Sessions; session++)
        {
            var client = await Sockets.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port));
            _ends.Add(client);
            var server = await _listener.AcceptOneAsync();
            _ends.Add(server);
            // Once a byte has passed the plane knows that it is connected, and the clock may move.
            await client.SendAllAsync("x"u8.ToArray());
            _ = await server.ReceiveExactlyAsync(1);
        }
        Assert.Equal(Sessions, Active);
    }
}
