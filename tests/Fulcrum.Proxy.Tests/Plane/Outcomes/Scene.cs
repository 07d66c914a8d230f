using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Loops;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>
/// A service of one setting with a clock that is moved by hand, and one session through it; and the comparison of all
/// that must be as it was, or be counted, when the session is over.
/// </summary>
internal sealed class Scene : IAsyncDisposable
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);

    private readonly Setting _setting;
    private readonly TemporaryDirectory _folder = new();
    private readonly List<Task> _mirrors = [];
    private readonly List<(int Sockets, int Timers)> _before = [];

    private Scene(Setting setting, LoopOptions? loop)
    {
        _setting = setting;
        Harness = new PlaneHarness(new ManualTimeProvider(), loop: loop)
        {
            Sessions = new() { IdleTimeout = IdleTimeout },
        };
    }

    public PlaneHarness Harness { get; }

    public IPEndPoint Place { get; private set; } = null!;

    /// <summary>The backend's.</summary>
    public Socket Listener { get; private set; } = null!;

    /// <summary>The one that is sent copies.</summary>
    public Socket Mirror { get; } = Sockets.Listen();

    public Socket Client { get; private set; } = null!;

    public Socket Server { get; private set; } = null!;

    /// <summary>Bytes that were passed on so far.</summary>
    public long BytesIn { get; set; }

    public long BytesOut { get; set; }

    private bool Passes(bool ingress) =>
        ingress
            ? _setting is not (Setting.ClientEchoed or Setting.ClientDiscarded)
            : _setting is not (Setting.BackendEchoed or Setting.BackendDiscarded);

    /// <summary>The service, and nobody there yet.</summary>
    public static async Task<Scene> ServeAsync(
        Setting setting,
        LoopOptions? loop = null,
        Func<Scene, PlaneBackend[]>? backends = null
    )
    {
        var scene = new Scene(setting, loop);
        scene.Listener = setting == Setting.Unix ? scene.ListenAtPath() : Sockets.Listen();
        if (setting != Setting.Unix)
        {
            // Little room, so that what nobody reads soon is too much.
            scene.Listener.ReceiveBufferSize = 65_536;
        }
        if (setting == Setting.Prefaced)
        {
            scene.Harness.Client = new()
            {
                ProxyProtocol = ProxyProtocolAcceptance.Require,
                ProxyProtocolFrom = [IPNetwork.Parse("127.0.0.0/8")],
            };
        }
        await scene.ApplyAsync(backends?.Invoke(scene) ?? [scene.Backend]);
        return scene;
    }

    /// <summary>A session in which a question was asked and answered, as far as the setting lets them pass.</summary>
    public static async Task<Scene> OpenAsync(Setting setting, LoopOptions? loop = null)
    {
        var scene = await ServeAsync(setting, loop);
        await scene.OpenAsync();
        return scene;
    }

    public PlaneBackend Backend =>
        _setting == Setting.Unix
            ? new PlaneBackend
            {
                Id = "unix",
                Address = null,
                Path = _folder.PathOf("app.sock"),
                Port = null,
                Weight = 1,
                Duty = BackendDuty.Serve,
            }
            : PlaneHarness.Backend(Listener.LocalEndPoint!);

    /// <summary>What a client has to begin with.</summary>
    public byte[] Opening =>
        _setting switch
        {
            Setting.Prefaced => "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"u8.ToArray(),
            Setting.Named => Hello,
            _ => [],
        };

    public async Task<Socket> ConnectAsync()
    {
        var client = await Sockets.ConnectAsync(Place);
        client.ReceiveBufferSize = 65_536;
        return client;
    }

    /// <summary>Lets the relay do all that there is to be done now.</summary>
    public async Task FillAsync(Socket sender, bool isUpload)
    {
        for (var quiet = 0; quiet < 3; )
        {
            var sent = sender.SendWhatFits(isUpload ? Uploaded : Downloaded);
            quiet = sent > 0 ? 0 : quiet + 1;
            (Uploaded, Downloaded) = isUpload ? (Uploaded + sent, Downloaded) : (Uploaded, Downloaded + sent);
            await Harness.SyncAsync();
        }
        await Wait.Until(async () => await KeptAsync() > 0, "the relay to keep what nobody reads");
    }

    /// <summary>Bytes of the pattern that were sent.</summary>
    public long Uploaded { get; private set; }

    public long Downloaded { get; private set; }

    /// <summary>Buffers and pipes in use.</summary>
    public async Task<int> KeptAsync()
    {
        var kept = Harness.Plane.LoopPlanes.Sum(plane => plane.Spliced);
        foreach (var loop in Harness.Plane.EventLoops)
        {
            kept += await Harness.BuffersInUseAsync(loop);
        }
        return kept;
    }

    /// <summary>Nobody is left, nothing is left, and exactly this was counted, of the backend as of the service.</summary>
    public Task AssertOverAsync(SessionCounters expected) => AssertOverAsync(expected, expected);

    /// <param name="ofBackend">What was counted of the only backend; null: there is not one.</param>
    public async Task AssertOverAsync(SessionCounters expected, SessionCounters? ofBackend)
    {
        await Harness.UntilActiveAsync(0);
        await Wait.For(Task.WhenAll(_mirrors), "the copies to end");
        await Harness.SyncAsync();
        Assert.Equal(expected, Harness.Counters);
        if (ofBackend is { } counted)
        {
            var backend = Harness.Plane.Observe().Services[0].Backends.Single(one => one.Upstream == "u");
            Assert.Equal(counted, backend.Counters);
        }
        Assert.Equal(0, await KeptAsync());
        Assert.Equal(_before, await LeftAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        Server?.Dispose();
        Listener.Dispose();
        Mirror.Dispose();
        await Harness.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A record with the hello of a client that asks for <c>a.example</c> (RFC 8446 section 4.1.2, RFC 6066 section 3).</summary>
    private static byte[] Hello
    {
        get
        {
            byte[] name = [0, 0, 0, 14, 0, 12, 0, 0, 9, .. "a.example"u8];
            byte[] body = [3, 3, .. new byte[32], 0, 0, 2, 0x13, 0x01, 1, 0, 0, (byte)name.Length, .. name];
            return [22, 3, 1, 0, (byte)(body.Length + 4), 1, 0, 0, (byte)body.Length, .. body];
        }
    }

    private async Task OpenAsync()
    {
        Client = await ConnectAsync();
        await Client.SendAllAsync(Opening);
        Server = await Listener.AcceptOneAsync();
        if (_setting == Setting.Named)
        {
            Assert.Equal(Opening, await Server.ReceiveExactlyAsync(Opening.Length));
            BytesIn += Opening.Length;
        }
        await ExchangeAsync(Client, Server, "ask"u8.ToArray(), isUpload: true);
        await ExchangeAsync(Server, Client, "answer"u8.ToArray(), isUpload: false);
        if (_setting == Setting.Teed)
        {
            await TakeCopyAsync();
            await TakeCopyAsync();
        }
    }

    private async Task ExchangeAsync(Socket from, Socket to, byte[] data, bool isUpload)
    {
        await from.SendAllAsync(data);
        var isEchoed = isUpload ? _setting == Setting.ClientEchoed : _setting == Setting.BackendEchoed;
        if (!isEchoed && !Passes(isUpload))
        {
            return;
        }
        Assert.Equal(data, await (isEchoed ? from : to).ReceiveExactlyAsync(data.Length));
        if (isUpload != isEchoed)
        {
            BytesIn += data.Length;
        }
        else
        {
            BytesOut += data.Length;
        }
    }

    /// <summary>A copy that has begun, and is read to its end whatever that is.</summary>
    private async Task TakeCopyAsync()
    {
        var copy = await Mirror.AcceptOneAsync();
        Assert.Equal((byte)'a', (await copy.ReceiveExactlyAsync(1))[0]);
        _mirrors.Add(DrainAsync(copy));
    }

    private static async Task DrainAsync(Socket copy)
    {
        using (copy)
        {
            try
            {
                while (await copy.ReceiveAsync(new byte[65_536]) > 0) { }
            }
            catch (SocketException) { }
        }
    }

    private Socket ListenAtPath()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_folder.PathOf("app.sock")));
        listener.Listen();
        return listener;
    }

    private async Task ApplyAsync(PlaneBackend[] backends)
    {
        var port = PlaneHarness.FreePort();
        Place = new(IPAddress.Loopback, port);
        var service = Harness.Service(port);
        var own = Harness.Destination("u", backends);
        if (_setting == Setting.Unix)
        {
            own = own with { Upstream = own.Upstream with { Connect = new() { Protocol = ConnectProtocol.Unix } } };
        }
        var (ingress, egress) = Stages;
        var route = new PlaneRoute
        {
            Path = "services.s.routes[0]",
            Action = new PlaneForward(0),
            Match = _setting == Setting.Named ? new() { Sni = [new(TextPatternKind.Exact, "a.example")] } : null,
            Ingress = ingress,
            Egress = egress,
        };
        await Harness.ApplyAsync(
            Harness.Table(
                service with
                {
                    Listeners =
                    [
                        service.Listeners[0] with
                        {
                            Destinations = _setting is Setting.Teed or Setting.TeedIn
                                ? [own, Harness.Destination("m", PlaneHarness.Backend(Mirror.LocalEndPoint!))]
                                : [own],
                            Routes = ingress.IsEmpty && egress.IsEmpty && route.Match is null ? [] : [route],
                        },
                    ],
                }
            )
        );
        _before.AddRange(await LeftAsync());
    }

    private (Items<PlaneStage> Ingress, Items<PlaneStage> Egress) Stages =>
        _setting switch
        {
            Setting.Logged => Both(new("s", new LoggerStage(null, null), null)),
            Setting.Limited => Both(new("s", new RateLimitStage(1 << 30, 1 << 30), null)),
            Setting.Teed => Both(new("s", new TeeStage("m"), 1)),
            Setting.TeedIn => ([new("s", new TeeStage("m"), 1)], []),
            Setting.ClientEchoed => ([Simple(BuiltInStage.Echo)], []),
            Setting.BackendEchoed => ([], [Simple(BuiltInStage.Echo)]),
            Setting.ClientDiscarded => ([Simple(BuiltInStage.Discard)], []),
            Setting.BackendDiscarded => ([], [Simple(BuiltInStage.Discard)]),
            _ => ([], []),
        };

    private static (Items<PlaneStage>, Items<PlaneStage>) Both(PlaneStage stage) => ([stage], [stage]);

    private static PlaneStage Simple(BuiltInStage kind) => new("s", new SimpleStage(kind), null);

    /// <summary>Sockets and timers of each loop.</summary>
    private async Task<List<(int Sockets, int Timers)>> LeftAsync()
    {
        var left = new List<(int, int)>();
        foreach (var loop in Harness.Plane.EventLoops)
        {
            left.Add(await loop.InvokeAsync(() => (loop.Reactor.Sockets, loop.Reactor.Timers)));
        }
        return left;
    }
}
