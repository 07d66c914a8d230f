using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Loops;
using Fulcrum.Model.Tls;
using Fulcrum.Proxy.Plane;
using Fulcrum.Proxy.Tests.Plane;
using Fulcrum.Proxy.Waiting;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Securing;

/// <summary>As many handshakes as may be under way at once: who makes room, who waits, who is served.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    private const int Most = 2;

    private readonly List<Socket> _opened = [];
    private readonly TlsScene _scene = new(new ManualTimeProvider(), new LoopOptions { MaxHandshakes = Most });

    private static TimeSpan Patience => TimeSpan.FromMilliseconds(HandshakeLine.Patience);

    private LoopPlane Loop => _scene.Harness.Plane.LoopPlanes[0];

    public async ValueTask InitializeAsync() =>
        await _scene.ServeAsync(new TlsTermination { Certificates = [_scene.Issue("a.example")] });

    public async ValueTask DisposeAsync()
    {
        _opened.ForEach(one => one.Dispose());
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task The_oldest_makes_room_when_it_has_had_its_time()
    {
        var (first, second) = (await BeginAsync(), await BeginAsync());
        var third = await WaitAsync();
        await _scene.Harness.AdvanceAsync(Patience - TimeSpan.FromMilliseconds(1));
        Assert.Equal((Most, 1, 0), await StateAsync());
        await _scene.Harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        Assert.NotEmpty(await third.ReceiveExactlyAsync(100));
        await AssertResetAsync(first);
        Assert.Equal((Most, 0, 1), await StateAsync());
        // Who comes now finds one that has waited for as long.
        _ = await BeginAsync();
        await AssertResetAsync(second);
        Assert.Equal((Most, 0, 2), await StateAsync());
    }

    [Fact]
    public async Task What_trickles_in_makes_nobody_younger()
    {
        var (first, _) = (await BeginAsync(), await BeginAsync());
        await _scene.Harness.AdvanceAsync(Patience);
        // A record of which the rest never comes.
        await first.SendAllAsync(new byte[] { 23, 3, 3, 0, 100, 1 });
        await _scene.Harness.SyncAsync();
        _ = await BeginAsync();
        await AssertResetAsync(first);
    }

    [Fact]
    public async Task Places_that_become_free_go_to_the_newest_and_to_the_longest_waiting_in_turn()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        var (oldest, middle, newest) = (await WaitAsync(), await WaitAsync(), await WaitAsync());
        await FinishAsync(one);
        Assert.NotEmpty(await newest.ReceiveExactlyAsync(100));
        Assert.Equal((Most, 2, 0), await StateAsync());
        await FinishAsync(other);
        Assert.NotEmpty(await oldest.ReceiveExactlyAsync(100));
        Assert.Equal((Most, 1, 0), await StateAsync());
        Assert.Equal(0, middle.Available);
    }

    [Fact]
    public async Task Who_waits_too_long_or_leaves_is_forgotten()
    {
        // What was begun ends at the same time as the waiting, so a place must not be what ends it.
        _ = await BeginAsync();
        _ = await BeginAsync();
        var leaving = await WaitAsync();
        leaving.Shutdown(SocketShutdown.Send);
        await _scene.UntilAsync(counters => counters.TlsFailedOther == 1, "the one who leaves to be gone");
        Assert.Equal((Most, 0, 0), await StateAsync());
        var resetting = await WaitAsync();
        resetting.LingerState = new(enable: true, seconds: 0);
        resetting.Dispose();
        await _scene.UntilAsync(counters => counters.TlsFailedOther == 2, "the one who resets to be gone");
        Assert.Equal((Most, 0, 0), await StateAsync());
    }

    [Fact]
    public async Task Honest_clients_are_served_while_silent_ones_hold_every_place()
    {
        const int Silent = 20;
        for (var attacker = 0; attacker < Silent; attacker++)
        {
            _ = await (attacker < Most ? BeginAsync() : WaitAsync());
        }
        for (var client = 0; client < 5; client++)
        {
            var waiting = await OnLoopAsync(() => Loop.HandshakesWaiting);
            var connecting = _scene.ConnectAsync();
            await Wait.Until(
                async () => connecting.IsCompleted || await OnLoopAsync(() => Loop.HandshakesWaiting) > waiting,
                "the client's hello"
            );
            // Both silent ones that have places have had their time then, and one of these places is the newest one's.
            await _scene.Harness.AdvanceAsync(Patience);
            var stream = await connecting;
            await stream.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
            Assert.Equal("x", Encoding.ASCII.GetString(await (await _scene.AcceptAsync()).ReceiveExactlyAsync(1)));
        }
        Assert.Equal(5, _scene.Harness.Counters.TlsHandshakes);
    }

    /// <summary>Sends a hello and sees the answer: it has a place.</summary>
    private async Task<Socket> BeginAsync()
    {
        var socket = await HelloAsync();
        Assert.NotEmpty(await socket.ReceiveExactlyAsync(100));
        return socket;
    }

    /// <summary>Sends a hello that has to wait.</summary>
    private async Task<Socket> WaitAsync()
    {
        var before = await OnLoopAsync(() => Loop.HandshakesWaiting);
        var socket = await HelloAsync();
        await Wait.Until(
            async () => await OnLoopAsync(() => Loop.HandshakesWaiting) == before + 1,
            "the hello to wait for a place"
        );
        return socket;
    }

    private async Task<Socket> HelloAsync()
    {
        var socket = await Sockets.ConnectAsync(_scene.Place);
        _opened.Add(socket);
        await socket.SendAllAsync(await Hellos.OfAsync("a.example"));
        return socket;
    }

    /// <summary>A client whose hello has come and whose next word is held back.</summary>
    private async Task<(HeldStream Wire, Task Handshake)> StartAsync()
    {
        var socket = await Sockets.ConnectAsync(_scene.Place);
        _opened.Add(socket);
        var wire = new HeldStream(new NetworkStream(socket));
        var handshake = new SslStream(wire).AuthenticateAsClientAsync(_scene.OptionsFor("a.example"));
        await Wait.For(wire.Held, "the second word of the client");
        return (wire, handshake);
    }

    private static async Task FinishAsync((HeldStream Wire, Task Handshake) client)
    {
        client.Wire.LetGo();
        await Wait.For(client.Handshake, "the handshake to end");
    }

    private Task<T> OnLoopAsync<T>(Func<T> read) => _scene.Harness.Plane.EventLoops[0].InvokeAsync(read);

    private async Task<(int UnderWay, int Waiting, long Evicted)> StateAsync()
    {
        await _scene.Harness.SyncAsync();
        return await OnLoopAsync(() =>
            (Loop.Handshakes, Loop.HandshakesWaiting, _scene.Harness.Counters.TlsFailedEvicted)
        );
    }

    private static async Task AssertResetAsync(Socket socket)
    {
        var error = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveToEndAsync());
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }
}
