using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What a copy of a stream has to do with its backend, and with reloads.</summary>
public sealed class CopyTests
{
    [Fact]
    public async Task A_reload_does_not_lead_copies_elsewhere()
    {
        await using var harness = new PlaneHarness();
        harness.Queue = new ConnectQueue { Size = 10, Timeout = TimeSpan.FromMinutes(5) };
        using var backend = Sockets.Listen();
        using var mirror = Sockets.Listen();
        using var wrong = Sockets.Listen();
        var own = harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!) with { MaxConnections = 1 });
        var copies = harness.Destination("mirror", PlaneHarness.Backend(mirror.LocalEndPoint!));
        var others = harness.Destination("other", PlaneHarness.Backend(wrong.LocalEndPoint!));
        var place = await harness.ServeRoutesAsync([CopyingTo(1)], own, copies);
        using var first = await Sockets.ConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        using var copy = await mirror.AcceptOneAsync();
        using var second = await Sockets.ConnectAsync(place);
        await second.SendAllAsync("secret"u8.ToArray());
        await Wait.Until(() => harness.Observed.Waiting == 1, "who waits");
        _ = await harness.ServeRoutesAsync(place.Port, [CopyingTo(2)], own, others, copies);
        server.Abort();
        using var next = await backend.AcceptOneAsync();
        Assert.Equal("secret"u8.ToArray(), await next.ReceiveExactlyAsync(6));
        var (right, astray) = (mirror.AcceptAsync(), wrong.AcceptAsync());
        var came = await Task.WhenAny(right, astray).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Same(right, came);
    }

    [Fact]
    public async Task A_copy_forgets_its_client()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        harness.Persist = new Persistence { Timeout = TimeSpan.FromSeconds(1), TableSize = 100 };
        using var backend = Sockets.Listen();
        using var mirror = Sockets.Listen();
        var place = await harness.ServeRoutesAsync(
            [CopyingTo(1)],
            harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!)),
            harness.Destination("mirror", PlaneHarness.Backend(mirror.LocalEndPoint!))
        );
        for (var client = 1; client <= 8; client++)
        {
            using var one = await Sockets.ConnectAsync(place, IPAddress.Parse($"127.0.0.{client + 20}"));
            using var server = await backend.AcceptOneAsync();
            using var copy = await mirror.AcceptOneAsync();
            one.Abort();
            await harness.UntilActiveAsync(0);
            await harness.AdvanceAsync(TimeSpan.FromSeconds(5));
        }
        Assert.InRange(harness.Observed.Remembered!.Value.Known, 0, 4);
    }

    [Fact]
    public async Task A_copy_begins_with_the_header_that_its_backend_wants()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        using var mirror = Sockets.Listen();
        var copies = PlaneHarness.Backend(mirror.LocalEndPoint!) with
        {
            Connect = new() { ProxyProtocol = new() { Version = ProxyProtocolVersion.V1 } },
        };
        var place = await harness.ServeRoutesAsync(
            [CopyingTo(1)],
            harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!)),
            harness.Destination("mirror", copies)
        );
        using var client = await Sockets.ConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        using var copy = await mirror.AcceptOneAsync();
        await client.SendAllAsync("hello"u8.ToArray());
        Assert.Equal("PROXY"u8.ToArray(), await copy.ReceiveExactlyAsync(5));
    }

    private static PlaneRoute CopyingTo(int destination) =>
        PlaneHarness.Route(0) with
        {
            Ingress = [new("t", new TeeStage("mirror"), destination)],
        };
}
