using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Ipvs;
using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;
using static Fulcrum.Forwarding.Tests.Tables;
using Forward = Fulcrum.Model.Services.Forwarding;

namespace Fulcrum.Forwarding.Tests.Ipvs;

/// <summary>How the table comes to be what is wanted, and what is left alone.</summary>
public sealed class IpvsPlaneTests : IDisposable
{
    private static readonly IpvsService Foreign = new()
    {
        Key = IpvsServiceKey.Of(6, IPAddress.Parse("198.51.100.9"), 80),
        Scheduler = "rr",
    };

    private readonly PlaneFixture _fixture = new();

    private FakeKernel Kernel => _fixture.Kernel;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_process_that_finds_the_table_as_it_should_be_writes_nothing()
    {
        var first = _fixture.Plane();
        await PlaneFixture.TellAsync(first, Web(1, 2));
        Assert.Equal(3, first.Writes);
        Kernel.Written.Clear();

        await using var next = _fixture.Plane();
        await PlaneFixture.TellAsync(next, Web(1, 2));
        await next.LookNowAsync(CancellationToken.None);
        Assert.Empty(Kernel.Written);
        Assert.Equal(0, next.Writes);
    }

    [Fact]
    public async Task What_changed_is_one_message()
    {
        await using var plane = _fixture.Plane();
        await PlaneFixture.TellAsync(plane, Web(1, 2));
        Kernel.Written.Clear();
        await PlaneFixture.TellAsync(plane, Web(1, 7));
        Assert.Equal("change 10.0.0.2:80 of tcp 192.0.2.1:80", Assert.Single(Kernel.Written).ToString());
    }

    [Fact]
    public async Task Entries_of_others_are_left_alone()
    {
        Kernel.Do(new AddService("", Foreign));
        var plane = _fixture.Plane();
        await PlaneFixture.TellAsync(plane, Web(1));
        await PlaneFixture.TellAsync(plane);
        await plane.DrainAsync(TimeSpan.Zero, null, CancellationToken.None);
        Assert.Equal([$"{Foreign.Key} rr"], Kernel.Lines);
        Assert.DoesNotContain(Kernel.Written, change => change.Key == Foreign.Key);
    }

    [Fact]
    public async Task A_place_that_somebody_else_has_is_refused()
    {
        Kernel.Do(new AddService("", Foreign));
        await using var plane = _fixture.Plane();
        var service = Service(
            "web",
            Listener("tcp 198.51.100.9 80", Forward.Nat, BalanceAlgorithm.RoundRobin, Backend("10.0.0.1"))
        );
        var error = await Assert.ThrowsAsync<PlaneRefusedException>(() => PlaneFixture.TellAsync(plane, service));
        Assert.Equal("services.web.listen[0]", Assert.Single(error.Problems).Path);
        Assert.Contains("somebody else made it", error.Message, StringComparison.Ordinal);
        Assert.Empty(Kernel.Written);
    }

    [Fact]
    public async Task A_place_that_somebody_else_has_is_taken_over_where_that_is_asked_for()
    {
        Kernel.Do(new AddService("", Foreign));
        Kernel.Do(
            new AddService("", new() { Key = IpvsServiceKey.Of(6, IPAddress.Parse("192.0.2.1"), 80), Scheduler = "rr" })
        );
        Kernel.Do(
            new AddServer(
                "",
                IpvsServiceKey.Of(6, IPAddress.Parse("192.0.2.1"), 80),
                new() { Address = IPAddress.Parse("10.0.0.9"), Port = 80 }
            )
        );
        await using var plane = _fixture.Plane();
        var table = Tables.Of(Web(1)) with { Ipvs = new() { Adopt = true } };
        var before = Kernel.Lines;
        await using (await plane.PrepareAsync(table, CancellationToken.None))
        {
            // Abandoned: it is theirs still.
        }

        await plane.LookNowAsync(CancellationToken.None);
        Assert.Equal(before, Kernel.Lines);

        await using (var prepared = await plane.PrepareAsync(table, CancellationToken.None))
        {
            await prepared.CommitAsync();
        }

        Assert.Equal(
            ["tcp 192.0.2.1:80 <- 10.0.0.1:80 Masquerade 1", "tcp 192.0.2.1:80 wrr", $"{Foreign.Key} rr"],
            Kernel.Lines
        );
        // Changed in its place: connections of a server that stays go on.
        Assert.DoesNotContain(
            Kernel.Written,
            change => change.Key.Address is not null && (change is RemoveService or AddService)
        );
        await plane.DrainAsync(TimeSpan.Zero, null, CancellationToken.None);
        Assert.Equal([$"{Foreign.Key} rr"], Kernel.Lines);
    }

    [Fact]
    public async Task What_is_ours_by_the_file_of_another_boot_is_not_ours()
    {
        await PlaneFixture.TellAsync(_fixture.Plane("before the boot"), Web(1));
        await using var plane = _fixture.Plane("after the boot");
        await Assert.ThrowsAsync<PlaneRefusedException>(() => PlaneFixture.TellAsync(plane, Web(1)));
    }

    [Fact]
    public async Task Without_the_kernels_module_each_listener_says_so()
    {
        await using var plane = _fixture.Plane(hasKernel: false);
        await PlaneFixture.TellAsync(plane);
        var error = await Assert.ThrowsAsync<PlaneRefusedException>(() => PlaneFixture.TellAsync(plane, Web(1)));
        Assert.Contains("the kernel has no ip_vs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheduler_that_is_not_there_is_found_out_before_anything_changes()
    {
        await using var plane = _fixture.Plane();
        await PlaneFixture.TellAsync(plane, Web(1));
        var before = Kernel.Lines;
        Kernel.Missing.Add("mh");

        var other = Web(1) with
        {
            Listeners = [Listener("tcp 192.0.2.1 80", Forward.Nat, BalanceAlgorithm.Maglev, Backend("10.0.0.1"))],
        };
        var added = Service("b", Listener("tcp 192.0.2.9 80", Forward.Nat, BalanceAlgorithm.RoundRobin));
        var error = await Assert.ThrowsAsync<PlaneRefusedException>(() => PlaneFixture.TellAsync(plane, other, added));
        Assert.Contains("modprobe ip_vs_mh", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Kernel.Lines);
    }

    [Fact]
    public async Task What_is_abandoned_is_taken_back()
    {
        await using var plane = _fixture.Plane();
        await PlaneFixture.TellAsync(plane, Web(1));
        var before = Kernel.Lines;
        var added = Service("b", Listener("tcp 192.0.2.9 80", Forward.Nat, BalanceAlgorithm.RoundRobin));
        await using (await plane.PrepareAsync(Tables.Of(Web(5), added), CancellationToken.None))
        {
            Assert.Equal(before.Count + 1, Kernel.Lines.Count);
            await plane.LookNowAsync(CancellationToken.None);
            Assert.Equal(before.Count + 1, Kernel.Lines.Count);
        }

        Assert.Equal(before, Kernel.Lines);
    }

    [Fact]
    public async Task A_service_that_goes_keeps_its_connections_until_its_deadline()
    {
        await using var plane = _fixture.Plane();
        await PlaneFixture.TellAsync(plane, Web(1));
        Kernel.Connect(new(IPAddress.Parse("10.0.0.1"), 80), 5);
        await PlaneFixture.TellAsync(plane);
        Assert.Equal(["tcp 192.0.2.1:80 <- 10.0.0.1:80 Masquerade 0", "tcp 192.0.2.1:80 wrr"], Kernel.Lines);

        _fixture.Time.Advance(TimeSpan.FromSeconds(29));
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Equal(2, Kernel.Lines.Count);
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Empty(Kernel.Lines);
    }

    [Fact]
    public async Task A_service_that_goes_is_gone_once_it_has_no_connections()
    {
        await using var plane = _fixture.Plane();
        await PlaneFixture.TellAsync(plane, Web(1));
        await PlaneFixture.TellAsync(plane);
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Empty(Kernel.Lines);
    }

    [Fact]
    public async Task A_backend_that_drains_has_no_weight_and_goes_at_its_deadline()
    {
        var until = _fixture.Time.GetUtcNow() + TimeSpan.FromSeconds(10);
        await using var plane = _fixture.Plane();
        await PlaneFixture.TellAsync(plane, Web(1));
        var drains = Backend("10.0.0.1", duty: BackendDuty.Drain) with { DrainUntil = until };
        await PlaneFixture.TellAsync(plane, WebOf(drains));
        Assert.Contains("tcp 192.0.2.1:80 <- 10.0.0.1:80 Masquerade 0", Kernel.Lines);
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Equal(["tcp 192.0.2.1:80 wrr"], Kernel.Lines);
    }

    [Fact]
    public async Task What_others_do_to_our_services_is_mended()
    {
        await using var plane = _fixture.Plane();
        await PlaneFixture.TellAsync(plane, Web(1, 2));
        var before = Kernel.Lines;
        var key = IpvsServiceKey.Of(6, IPAddress.Parse("192.0.2.1"), 80);
        Kernel.Do(new RemoveService("", key));
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Equal(before, Kernel.Lines);

        Kernel.Do(new AddServer("", key, new() { Address = IPAddress.Parse("10.9.9.9"), Port = 80 }));
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Equal(before, Kernel.Lines);
    }

    [Fact]
    public async Task Counters_are_those_of_the_table()
    {
        await using var plane = _fixture.Plane();
        await PlaneFixture.TellAsync(plane, Web(1, 2));
        Kernel.Connect(new(IPAddress.Parse("10.0.0.2"), 80), 5);
        await plane.LookNowAsync(CancellationToken.None);
        var service = Assert.Single(plane.Observe().Services);
        Assert.Equal(5, service.Counters.Active);
        Assert.Equal(
            [("10.0.0.1", 0L), ("10.0.0.2", 5L)],
            service.Backends.Select(backend => (backend.Id, backend.Counters.Active)).Order()
        );
    }

    [Fact]
    public async Task Synchronisation_runs_in_both_roles_and_ends_with_its_key()
    {
        await using var plane = _fixture.Plane();
        await ShareAsync(plane);
        Assert.Equal([IpvsDaemonRole.Master, IpvsDaemonRole.Backup], Kernel.Daemons.Select(daemon => daemon.Role));
        await PlaneFixture.TellAsync(plane, Web(1));
        Assert.Empty(Kernel.Daemons);
    }

    [Fact]
    public async Task Synchronisation_begins_when_its_interface_comes_and_again_when_somebody_ended_it()
    {
        Kernel.HasInterface = false;
        await using var plane = _fixture.Plane();
        await ShareAsync(plane);
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Contains("no synchronisation as Master on eth1", plane.Trouble, StringComparison.Ordinal);

        Kernel.HasInterface = true;
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Equal(2, Kernel.Daemons.Count);
        Assert.Null(plane.Trouble);

        Kernel.Daemons.RemoveAt(0);
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Equal(2, Kernel.Daemons.Count);
        var before = plane.Writes;
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Equal(before, plane.Writes);
    }

    [Fact]
    public async Task Synchronisation_that_somebody_else_runs_is_left_alone_and_told_of()
    {
        IpvsDaemon other = new()
        {
            Role = IpvsDaemonRole.Backup,
            Interface = "eth9",
            SyncId = 3,
        };
        Kernel.Daemons.Add(other);
        await using var plane = _fixture.Plane();
        await ShareAsync(plane);
        await plane.LookNowAsync(CancellationToken.None);
        Assert.Same(other, Assert.Single(Kernel.Daemons));
        Assert.Contains("Backup on eth9", plane.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Synchronisation_goes_on_while_connections_are_waited_for_and_ends_with_the_last()
    {
        await using var plane = _fixture.Plane();
        await ShareAsync(plane);
        Kernel.Connect(new(IPAddress.Parse("10.0.0.1"), 80), 1);
        var drain = plane.DrainAsync(TimeSpan.FromMinutes(1), null, CancellationToken.None);
        Assert.Equal(2, Kernel.Daemons.Count);
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await Wait.For(drain, "the plane to leave");
        Assert.Empty(Kernel.Daemons);
        Assert.Empty(Kernel.Lines);
    }

    [Fact]
    public void From_any_table_to_any_other_the_kernel_has_exactly_that_and_what_is_not_ours()
    {
        var random = Seeds.NewRandom();
        for (var round = 0; round < 200; round++)
        {
            using var fixture = new PlaneFixture();
            fixture.Kernel.Do(new AddService("", Foreign));
            var plane = fixture.Plane();
            for (var step = 0; step < 6; step++)
            {
                var services = Some(random);
                Do(() => PlaneFixture.TellAsync(plane, services));
                fixture.Time.Advance(TimeSpan.FromMinutes(1));
                Do(() => plane.LookNowAsync(CancellationToken.None));

                using var fresh = new PlaneFixture();
                Do(() => PlaneFixture.TellAsync(fresh.Plane(), services));
                Assert.Equal(
                    fresh.Kernel.Lines.Append($"{Foreign.Key} rr").Order(StringComparer.Ordinal),
                    fixture.Kernel.Lines
                );
                if (random.Next(4) == 0)
                {
                    plane = fixture.Plane();
                }
            }
        }
    }

    private static async Task ShareAsync(IpvsPlane plane)
    {
        var table = Tables.Of(Web(1)) with
        {
            Ipvs = new()
            {
                Sync = new() { Interface = "eth1", Id = 7 },
            },
        };
        await using var prepared = await plane.PrepareAsync(table, CancellationToken.None);
        await prepared.CommitAsync();
    }

    // All that it waits for is done already: the table is in this process.
    private static void Do(Func<Task> work)
    {
        var done = work();
        Assert.True(done.IsCompletedSuccessfully, done.Exception?.Message);
    }

    private static PlaneService[] Some(Random random) =>
        [
            .. Enumerable
                .Range(1, 4)
                .Where(_ => random.Next(2) == 0)
                .Select(number =>
                    Service(
                        $"s{number}",
                        Listener(
                            $"{(random.Next(2) == 0 ? "tcp" : "udp")} 192.0.2.{number} 80",
                            random.Next(2) == 0 ? Forward.Nat : Forward.Tunnel,
                            random.Next(2) == 0 ? BalanceAlgorithm.RoundRobin : BalanceAlgorithm.Maglev,
                            [
                                .. Enumerable
                                    .Range(1, 5)
                                    .Where(_ => random.Next(2) == 0)
                                    .Select(server => Backend($"10.0.0.{server}", weight: random.Next(3))),
                            ]
                        )
                    )
                ),
        ];

    private static PlaneService Web(params int[] weights) =>
        WebOf([.. weights.Select((weight, index) => Backend($"10.0.0.{index + 1}", weight: weight))]);

    private static PlaneService WebOf(params PlaneBackend[] backends) =>
        Service("web", Listener("tcp 192.0.2.1 80", Forward.Nat, BalanceAlgorithm.WeightedRoundRobin, backends));
}
