using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>A stream that passes through a backend of another upstream on its way.</summary>
public sealed class DetourTests
{
    private const int Large = 4 * 1024 * 1024;

    private static readonly PlaneStage Detour = new("filter", new UpstreamStage("filter"), 1);

    [Fact]
    public async Task What_the_filter_makes_of_it_is_what_arrives()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        using var filter = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(await ServeAsync(harness, backend, filter));
        using var server = await backend.AcceptOneAsync();
        using var between = await filter.AcceptOneAsync();
        await client.SendAllAsync("question"u8.ToArray());
        Assert.Equal("question"u8.ToArray(), await between.ReceiveExactlyAsync(8));
        await between.SendAllAsync("QUESTION!"u8.ToArray());
        Assert.Equal("QUESTION!"u8.ToArray(), await server.ReceiveExactlyAsync(9));
        // The other direction is as ever.
        await server.SendAllAsync("answer"u8.ToArray());
        Assert.Equal("answer"u8.ToArray(), await client.ReceiveExactlyAsync(6));
        var observed = harness.Observed.Backends.Single(one => one.Upstream == "filter").Counters;
        Assert.Equal((1, 8, 9), (observed.Active, observed.BytesIn, observed.BytesOut));
        Assert.Equal((9, 6), (harness.Counters.BytesIn, harness.Counters.BytesOut));
    }

    [Fact]
    public async Task The_end_goes_through_it_and_it_may_have_a_last_word()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        using var filter = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(await ServeAsync(harness, backend, filter));
        using var server = await backend.AcceptOneAsync();
        using var between = await filter.AcceptOneAsync();
        await client.SendAllAsync("all"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("all"u8.ToArray(), await between.ReceiveToEndAsync());
        await server.SendAllAsync("still there"u8.ToArray());
        Assert.Equal("still there"u8.ToArray(), await client.ReceiveExactlyAsync(11));
        await between.SendAllAsync("last"u8.ToArray());
        between.Shutdown(SocketShutdown.Send);
        Assert.Equal("last"u8.ToArray(), await server.ReceiveToEndAsync());
        server.Shutdown(SocketShutdown.Send);
        await client.AssertEndAsync();
        await harness.UntilActiveAsync(0);
        await between.AssertEndAsync();
        Assert.Equal(0, harness.Counters.Resets);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everything_arrives_however_slowly_it_is_taken(bool withoutBuffers)
    {
        await using var harness = new PlaneHarness(loop: withoutBuffers ? new() { MaxBuffers = 0 } : null);
        using var backend = Sockets.Listen();
        using var filter = Sockets.Listen();
        _ = Sockets.EchoAsync(filter, 1000);
        var place = await ServeAsync(harness, backend, filter, isBothWays: true);
        using var client = await Sockets.ConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        var data = new byte[Large];
        new Random(1).NextBytes(data);
        foreach (var (from, to) in new[] { (client, server), (server, client) })
        {
            var sending = Task.Run(async () =>
            {
                await from.SendAllAsync(data);
                from.Shutdown(SocketShutdown.Send);
            });
            // Nobody reads until everything on the way is full.
            await Wait.Until(() => to.Available > 0, "the first of it");
            await harness.SyncAsync();
            Assert.True((await to.ReceiveToEndAsync()).AsSpan().SequenceEqual(data));
            await sending;
        }
        await harness.UntilActiveAsync(0);
        foreach (var loop in harness.Plane.EventLoops)
        {
            Assert.Equal(0, await harness.BuffersInUseAsync(loop));
        }
    }

    [Fact]
    public async Task A_filter_that_takes_nothing_stops_the_sender_and_costs_one_buffer()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        using var filter = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(await ServeAsync(harness, backend, filter));
        using var server = await backend.AcceptOneAsync();
        using var between = await filter.AcceptOneAsync();
        client.Blocking = false;
        var (sent, quiet) = (0L, 0);
        await Wait.Until(
            () =>
            {
                try
                {
                    sent += client.Send(new byte[65_536]);
                    quiet = 0;
                }
                catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
                {
                    quiet++;
                }
                return quiet > 20;
            },
            "the sender to be stopped"
        );
        Assert.InRange(sent, 1, 64 * 1024 * 1024);
        var used = 0;
        foreach (var loop in harness.Plane.EventLoops)
        {
            used += await harness.BuffersInUseAsync(loop);
        }
        Assert.InRange(used, 0, 1);
        Assert.Equal(0, harness.Counters.BytesIn);
    }

    [Fact]
    public async Task A_filter_that_ends_first_ends_the_direction()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        using var filter = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(await ServeAsync(harness, backend, filter));
        using var server = await backend.AcceptOneAsync();
        using var between = await filter.AcceptOneAsync();
        await client.SendAllAsync("evil"u8.ToArray());
        _ = await between.ReceiveExactlyAsync(4);
        await between.SendAllAsync("denied"u8.ToArray());
        between.Shutdown(SocketShutdown.Send);
        Assert.Equal("denied"u8.ToArray(), await server.ReceiveToEndAsync());
        await server.SendAllAsync("sorry"u8.ToArray());
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal("sorry"u8.ToArray(), await client.ReceiveToEndAsync());
        await harness.UntilActiveAsync(0);
    }

    [Fact]
    public async Task A_filter_that_breaks_ends_the_session_and_the_log_says_so()
    {
        using var output = new MemoryStream();
        await using (var harness = new PlaneHarness(standardError: output) { AccessLog = AccessLog.Default })
        {
            using var backend = Sockets.Listen();
            using var filter = Sockets.Listen();
            using var client = await Sockets.ConnectAsync(await ServeAsync(harness, backend, filter));
            using var server = await backend.AcceptOneAsync();
            using var between = await filter.AcceptOneAsync();
            await client.SendAllAsync("x"u8.ToArray());
            _ = await between.ReceiveExactlyAsync(1);
            between.Abort();
            await client.AssertResetAsync();
            await server.AssertResetAsync();
            await harness.UntilActiveAsync(0);
            Assert.Equal((1, 0), (harness.Counters.DetoursLost, harness.Counters.Resets));
        }
        Assert.EndsWith(" detour-lost\n", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_backend_is_tried_as_that_upstream_has_it()
    {
        var pause = TimeSpan.FromMilliseconds(300);
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var backend = Sockets.Listen();
        using var filter = Sockets.Listen();
        var own = harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!));
        harness.Balance = new() { Algorithm = BalanceAlgorithm.First };
        harness.Retry = new Retry { Attempts = 1, Wait = pause };
        var filters = harness.Destination("filter", Dead(), PlaneHarness.Backend(filter.LocalEndPoint!));
        using var client = await Sockets.ConnectAsync(await ServeAsync(harness, own, filters));
        using var server = await backend.AcceptOneAsync();
        await client.SendAllAsync("x"u8.ToArray());
        await Wait.Until(() => Filters(harness).Sum(one => one.ConnectFailures) == 1, "the failure");
        await harness.AdvanceAsync(pause);
        using var between = await filter.AcceptOneAsync();
        Assert.Equal("x"u8.ToArray(), await between.ReceiveExactlyAsync(1));
        Assert.Equal([0, 1], Filters(harness).Select(one => one.Retries).Order());
        Assert.Equal((0, 0), (harness.Counters.DetoursLost, harness.Counters.Retries));
    }

    [Fact]
    public async Task Without_a_filter_there_is_no_session()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        var own = harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!));
        var place = await ServeAsync(harness, own, harness.Destination("filter", Dead(), Dead()));
        using var client = await Sockets.TryConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        await server.AssertResetAsync();
        await (client?.AssertResetAsync() ?? Task.CompletedTask);
        await harness.UntilActiveAsync(0);
        Assert.Equal(1, harness.Counters.DetoursLost);
        // One attempt, and one more: as the upstream has it.
        Assert.Equal(2, Filters(harness).Sum(one => one.ConnectFailures));
    }

    [Fact]
    public async Task A_filter_that_does_not_take_the_connection_in_time_is_given_up()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var backend = Sockets.Listen();
        using var filter = Sockets.Listen(0);
        var fillers = await filter.FillAsync();
        try
        {
            using var client = await Sockets.ConnectAsync(await ServeAsync(harness, backend, filter));
            using var server = await backend.AcceptOneAsync();
            await Wait.Until(() => Filters(harness).Sum(one => one.Active) == 1, "the attempt");
            await harness.AdvanceAsync(harness.ConnectTimeout - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, harness.Counters.DetoursLost);
            await harness.AdvanceAsync(TimeSpan.FromMilliseconds(2));
            await client.AssertResetAsync();
            Assert.Equal(1, harness.Counters.DetoursLost);
        }
        finally
        {
            fillers.ForEach(filler => filler.Dispose());
        }
    }

    [Fact]
    public async Task The_limit_of_a_filter_counts_and_the_idlest_is_chosen()
    {
        await using var harness = new PlaneHarness
        {
            Balance = new() { Algorithm = BalanceAlgorithm.LeastConnections },
        };
        using var backend = Sockets.Listen();
        using var one = Sockets.Listen();
        using var other = Sockets.Listen();
        var own = harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!));
        var filters = harness.Destination(
            "filter",
            PlaneHarness.Backend(one.LocalEndPoint!) with
            {
                MaxConnections = 1,
            },
            PlaneHarness.Backend(other.LocalEndPoint!) with
            {
                MaxConnections = 1,
            }
        );
        var place = await ServeAsync(harness, own, filters);
        using var first = await Sockets.ConnectAsync(place);
        using var second = await Sockets.ConnectAsync(place);
        using var atOne = await one.AcceptOneAsync();
        using var atOther = await other.AcceptOneAsync();
        using var third = await Sockets.TryConnectAsync(place);
        await (third?.AssertResetAsync() ?? Task.CompletedTask);
        Assert.Equal(1, harness.Counters.DetoursLost);
        Assert.All(Filters(harness), filter => Assert.Equal(1, filter.Active));
    }

    [Fact]
    public async Task A_filter_may_be_a_unix_socket_and_is_told_who_the_client_is()
    {
        await using var harness = new PlaneHarness();
        using var folder = new TemporaryDirectory();
        using var backend = Sockets.Listen();
        using var filter = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        filter.Bind(new UnixDomainSocketEndPoint(folder.PathOf("filter.sock")));
        filter.Listen();
        var own = harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!));
        var filters = harness.Destination(
            "filter",
            new PlaneBackend
            {
                Id = "filter",
                Address = null,
                Path = folder.PathOf("filter.sock"),
                Port = null,
                Weight = 1,
                Duty = BackendDuty.Serve,
            }
        );
        filters = filters with
        {
            Upstream = filters.Upstream with
            {
                Connect = new() { ProxyProtocol = new() { Version = ProxyProtocolVersion.V1 } },
            },
        };
        var place = await ServeAsync(harness, own, filters);
        using var client = await Sockets.ConnectAsync(place);
        await client.SendAllAsync("x"u8.ToArray());
        using var between = await filter.AcceptOneAsync();
        var from = (IPEndPoint)client.LocalEndPoint!;
        var expected = $"PROXY TCP4 127.0.0.1 127.0.0.1 {from.Port} {place.Port}\r\nx";
        Assert.Equal(expected, Encoding.ASCII.GetString(await between.ReceiveExactlyAsync(expected.Length)));
        using var server = await backend.AcceptOneAsync();
        await between.SendAllAsync("y"u8.ToArray());
        Assert.Equal("y"u8.ToArray(), await server.ReceiveExactlyAsync(1));
    }

    [Fact]
    public async Task A_drain_of_the_filter_ends_what_is_left_at_its_deadline()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var backend = Sockets.Listen();
        using var filter = Sockets.Listen();
        var port = PlaneHarness.FreePort();
        PlaneDestination[] Destinations(BackendDuty duty) =>
            [
                harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!)),
                harness.Destination("filter", PlaneHarness.Backend(filter.LocalEndPoint!, duty)),
            ];
        Items<PlaneRoute> routes = [PlaneHarness.Route(0) with { Ingress = [Detour] }];
        var place = await harness.ServeRoutesAsync(port, routes, Destinations(BackendDuty.Serve));
        using var client = await Sockets.ConnectAsync(place);
        using var between = await filter.AcceptOneAsync();
        await harness.ServeRoutesAsync(port, routes, Destinations(BackendDuty.Drain));
        await client.SendAllAsync("x"u8.ToArray());
        _ = await between.ReceiveExactlyAsync(1);
        await harness.AdvanceAsync(harness.Sessions.Drain.Deadline);
        await client.AssertResetAsync();
        await harness.UntilActiveAsync(0);
        Assert.Equal((0, 0), (harness.Counters.DetoursLost, harness.Counters.Resets));
    }

    [Fact]
    public async Task Filters_stand_one_behind_the_other()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        using var filter = Sockets.Listen();
        _ = Sockets.EchoAsync(filter);
        var place = await harness.ServeRoutesAsync(
            [PlaneHarness.Route(0) with { Ingress = [Detour, Detour, Detour] }],
            harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!)),
            harness.Destination("filter", PlaneHarness.Backend(filter.LocalEndPoint!))
        );
        using var client = await Sockets.ConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        var data = new byte[Large];
        new Random(2).NextBytes(data);
        var sending = Task.Run(async () =>
        {
            await client.SendAllAsync(data);
            client.Shutdown(SocketShutdown.Send);
        });
        Assert.True((await server.ReceiveToEndAsync()).AsSpan().SequenceEqual(data));
        await sending;
        var observed = harness.Observed.Backends.Single(one => one.Upstream == "filter").Counters;
        Assert.Equal((3L, 3L * Large), (observed.Total, observed.BytesIn));
    }

    private static IEnumerable<SessionCounters> Filters(PlaneHarness harness) =>
        harness.Observed.Backends.Where(one => one.Upstream == "filter").Select(one => one.Counters);

    private static PlaneBackend Dead() =>
        PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort()));

    private static Task<IPEndPoint> ServeAsync(
        PlaneHarness harness,
        Socket backend,
        Socket filter,
        bool isBothWays = false
    ) =>
        ServeAsync(
            harness,
            harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!)),
            harness.Destination("filter", PlaneHarness.Backend(filter.LocalEndPoint!)),
            isBothWays
        );

    private static Task<IPEndPoint> ServeAsync(
        PlaneHarness harness,
        PlaneDestination own,
        PlaneDestination filters,
        bool isBothWays = false
    ) =>
        harness.ServeRoutesAsync(
            [PlaneHarness.Route(0) with { Ingress = [Detour], Egress = isBothWays ? [Detour] : [] }],
            own,
            filters
        );
}
