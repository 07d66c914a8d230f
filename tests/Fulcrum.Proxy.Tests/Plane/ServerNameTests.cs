using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>An upstream whose members are meant for certain TLS server names.</summary>
public sealed class ServerNameTests : IAsyncDisposable
{
    private readonly Socket _one = Sockets.Listen();
    private readonly Socket _two = Sockets.Listen();
    private readonly Socket _three = Sockets.Listen();

    public ValueTask DisposeAsync()
    {
        _one.Dispose();
        _two.Dispose();
        _three.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Each_name_comes_to_those_who_are_meant_for_it_and_the_rest_to_those_who_have_none()
    {
        await using var harness = new PlaneHarness();
        var place = await ServeAsync(
            harness,
            BySni.Default,
            For("Shop.example", _one),
            For("*.shop.example", _two),
            For(null, _three)
        );
        foreach (var (name, backend) in new[] { ("shop.example", _one), ("www.SHOP.example", _two), ("else", _three) })
        {
            await Hellos.AssertReachesAsync(place, backend, name);
            await Hellos.AssertReachesAsync(place, backend, name);
        }
        // Whoever speaks something else sends no name.
        Assert.Same(_three, await Hellos.ReachesAsync(place, "GET / HTTP/1.1\r\n"u8.ToArray(), _one, _two, _three));
        Assert.Equal((7, 0), (harness.Counters.Total, harness.Counters.Refused));
    }

    [Theory]
    [InlineData(BySni.Refuse)]
    [InlineData(BySni.Default)]
    public async Task Whom_nobody_is_meant_for_is_refused_and_counted(BySni bySni)
    {
        using var output = new MemoryStream();
        await using (var harness = new PlaneHarness(standardError: output) { AccessLog = AccessLog.Default })
        {
            var place = await ServeAsync(harness, bySni, For("shop.example", _one));
            await AssertRefusedAsync(place, await Hellos.OfAsync("other.example"));
            await AssertRefusedAsync(place, "GET / HTTP/1.1\r\n"u8.ToArray());
            await harness.UntilActiveAsync(0);
            Assert.Equal((2, 2), (harness.Counters.RefusedByName, harness.Counters.Refused));
            await Hellos.AssertReachesAsync(place, _one, "shop.example");
        }
        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        Assert.Equal(2, lines.Count(line => line.Contains(" - 0 0 - ", StringComparison.Ordinal)));
        Assert.Equal(2, lines.Count(line => line.Contains(" refused", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Others_may_go_to_any()
    {
        await using var harness = new PlaneHarness(loops: 1);
        var place = await ServeAsync(harness, BySni.Any, For("shop.example", _one), For("*", _two), For(null, _three));
        await Hellos.AssertReachesAsync(place, _two, "other.example");
        place = await ServeAsync(harness, BySni.Any, For("shop.example", _one), For(null, _two));
        var hello = await Hellos.OfAsync("other.example");
        var first = await Hellos.ReachesAsync(place, hello, _one, _two);
        Assert.NotSame(first, await Hellos.ReachesAsync(place, hello, _one, _two));
    }

    [Theory]
    [InlineData("www.example", "*.example", "www.example")]
    [InlineData("www.*", "*.example", "www.example")]
    [InlineData("~^w+[.]", "*.example", "www.example")]
    public async Task All_whose_pattern_holds_are_balanced_among(string pattern, string other, string name)
    {
        await using var harness = new PlaneHarness(loops: 1);
        var place = await ServeAsync(harness, BySni.Refuse, For(pattern, _one), For(other, _two), For(null, _three));
        var hello = await Hellos.OfAsync(name);
        var reached = new List<Socket>();
        for (var session = 0; session < 6; session++)
        {
            reached.Add(await Hellos.ReachesAsync(place, hello, _one, _two, _three));
        }
        Assert.Equal((3, 3), (reached.Count(one => one == _one), reached.Count(one => one == _two)));
    }

    [Fact]
    public async Task A_name_whose_own_backends_are_down_is_nobody_elses()
    {
        await using var harness = new PlaneHarness();
        var place = await ServeAsync(
            harness,
            BySni.Default,
            For("shop.example", _one) with
            {
                Duty = BackendDuty.Rest,
            },
            For(null, _two)
        );
        await AssertRefusedAsync(place, await Hellos.OfAsync("shop.example"));
        await harness.UntilActiveAsync(0);
        Assert.Equal((0, 1), (harness.Counters.RefusedByName, harness.Counters.RefusedUnserved));
        await Hellos.AssertReachesAsync(place, _two, "other.example");
    }

    [Fact]
    public async Task A_client_comes_back_to_the_backend_it_had_for_each_name()
    {
        await using var harness = new PlaneHarness();
        harness.Persist = new Persistence { Timeout = TimeSpan.FromMinutes(1) };
        using var four = Sockets.Listen();
        var place = await ServeAsync(
            harness,
            BySni.Refuse,
            For("a", _one),
            For("a", _two),
            For("b", _three),
            For("b", four)
        );
        Socket[] all = [_one, _two, _three, four];
        var (a, b) = (await Hellos.OfAsync("a"), await Hellos.OfAsync("b"));
        var (forA, forB) = (await Hellos.ReachesAsync(place, a, all), await Hellos.ReachesAsync(place, b, all));
        for (var session = 0; session < 4; session++)
        {
            Assert.Same(forA, await Hellos.ReachesAsync(place, a, all));
            Assert.Same(forB, await Hellos.ReachesAsync(place, b, all));
        }
        Assert.Equal(2, harness.Observed.Remembered?.Known);
    }

    [Fact]
    public async Task Who_waits_for_one_name_is_in_nobodys_way_who_asks_for_another()
    {
        await using var harness = new PlaneHarness();
        harness.Queue = new ConnectQueue { Size = 10, Timeout = TimeSpan.FromMinutes(1) };
        var place = await ServeAsync(
            harness,
            BySni.Refuse,
            For("a", _one) with
            {
                MaxConnections = 1,
            },
            For("b", _two) with
            {
                MaxConnections = 2,
            }
        );
        var (a, b) = (await Hellos.OfAsync("a"), await Hellos.OfAsync("b"));
        using var holder = await Sockets.ConnectAsync(place);
        await holder.SendAllAsync(a);
        using var held = await _one.AcceptOneAsync();
        using var waiter = await Sockets.ConnectAsync(place);
        await waiter.SendAllAsync(a);
        await Wait.Until(() => harness.Observed.Waiting == 1, "somebody to wait");
        Assert.Same(_two, await Hellos.ReachesAsync(place, b, _two));
        Assert.Equal(1, harness.Observed.Waiting);
        holder.Abort();
        using var next = await _one.AcceptOneAsync();
        Assert.Equal(a, await next.ReceiveExactlyAsync(a.Length));
        Assert.Equal(0, harness.Observed.Waiting);
    }

    [Fact]
    public async Task A_reload_gives_names_to_others_and_none_to_who_was_removed()
    {
        await using var harness = new PlaneHarness();
        var port = PlaneHarness.FreePort();
        var place = await ServeAsync(harness, port, BySni.Default, For("a", _one), For("b", _two), For(null, _three));
        await Hellos.AssertReachesAsync(place, _one, "a");
        await Hellos.AssertReachesAsync(place, _two, "b");
        await ServeAsync(harness, port, BySni.Default, For("b", _one), For("a", _two), For(null, _three));
        await Hellos.AssertReachesAsync(place, _two, "a");
        await Hellos.AssertReachesAsync(place, _one, "b");
        var removed = For("a", _two) with { Duty = BackendDuty.Drain, IsRemoved = true };
        await ServeAsync(harness, port, BySni.Default, For("b", _one), removed, For(null, _three));
        await Hellos.AssertReachesAsync(place, _three, "a");
        await Hellos.AssertReachesAsync(place, _one, "b");
    }

    private static async Task AssertRefusedAsync(IPEndPoint place, byte[] beginning)
    {
        using var client = await Sockets.ConnectAsync(place);
        await client.SendAllAsync(beginning);
        await client.AssertResetAsync();
    }

    private static PlaneBackend For(string? pattern, Socket backend) =>
        PlaneHarness.Backend(backend.LocalEndPoint!) with
        {
            Sni = pattern switch
            {
                null => null,
                ['~', ..] => new(TextPatternKind.Expression, pattern[1..]),
                _ when pattern.Contains('*', StringComparison.Ordinal) => new(TextPatternKind.Wildcard, pattern),
                _ => new(TextPatternKind.Exact, pattern),
            },
        };

    private static Task<IPEndPoint> ServeAsync(PlaneHarness harness, BySni bySni, params PlaneBackend[] backends) =>
        ServeAsync(harness, PlaneHarness.FreePort(), bySni, backends);

    private static Task<IPEndPoint> ServeAsync(
        PlaneHarness harness,
        int port,
        BySni bySni,
        params PlaneBackend[] backends
    )
    {
        var destination = harness.Destination("u", backends);
        return harness.ServeRoutesAsync(
            port,
            [],
            destination with
            {
                Upstream = destination.Upstream with { BySni = bySni },
            }
        );
    }
}
