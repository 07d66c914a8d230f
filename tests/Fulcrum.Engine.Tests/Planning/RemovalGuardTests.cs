using Fulcrum.Engine.Tests.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Tests.Planning;

public sealed class RemovalGuardTests
{
    [Theory]
    // services, left; backends, left; vips, left
    [InlineData("50%", 20, 10, 0, 0, 0, 0, null)]
    [InlineData("50%", 20, 9, 0, 0, 0, 0, "11 of 20 services")]
    [InlineData("50%", 9, 0, 0, 0, 0, 0, null)]
    [InlineData("50%", 10, 0, 0, 0, 0, 0, "10 of 10 services")]
    [InlineData("50%", 0, 0, 200, 99, 0, 0, "101 of 200 backends")]
    [InlineData("50%", 0, 0, 0, 0, 12, 3, "9 of 12 vips")]
    [InlineData("50%", 20, 5, 9, 0, 12, 3, "15 of 20 services and 9 of 12 vips")]
    [InlineData("29%", 100, 71, 0, 0, 0, 0, null)]
    [InlineData("29%", 100, 70, 0, 0, 0, 0, "30 of 100 services")]
    [InlineData("0%", 100, 99, 0, 0, 0, 0, "1 of 100 services")]
    [InlineData("100%", 100, 0, 100, 0, 100, 0, null)]
    [InlineData("off", 100, 0, 100, 0, 100, 0, null)]
    public void Counts_each_kind_of_which_there_are_enough(
        string guard,
        int services,
        int servicesLeft,
        int backends,
        int backendsLeft,
        int vips,
        int vipsLeft,
        string? losses
    )
    {
        var running = Of(services, backends, vips) with { Guard = GuardOf(guard) };
        var problem = RemovalGuard.Check(running, Of(servicesLeft, backendsLeft, vipsLeft));
        Assert.Equal(
            losses is null
                ? null
                : $"guard: would remove {losses}, and the guard of the running configuration allows {guard}; "
                    + "if that is meant, apply it with --allow-removals",
            problem?.ToString()
        );
    }

    [Fact]
    public void The_guard_of_the_new_configuration_does_not_count()
    {
        Assert.NotNull(RemovalGuard.Check(Of(10, 0, 0), Of(0, 0, 0) with { Guard = Guard.Off }));
        Assert.Null(RemovalGuard.Check(Of(10, 0, 0) with { Guard = Guard.Off }, Of(0, 0, 0)));
    }

    [Fact]
    public void The_first_configuration_is_never_guarded() =>
        Assert.Null(RemovalGuard.Check(Snapshot.Empty, Of(100, 100, 100)));

    [Fact]
    public void What_is_replaced_is_removed_and_what_is_changed_is_not()
    {
        var running = Of(20, 0, 0);
        var changed = running.Services.Select(service => service with { Together = true });
        Assert.Null(RemovalGuard.Check(running, running with { Services = Named<Service>.From(changed) }));
        var renamed = running.Services.Select(service => service with { Name = $"{service.Name}-new" });
        Assert.NotNull(RemovalGuard.Check(running, running with { Services = Named<Service>.From(renamed) }));
    }

    [Fact]
    public void Backends_go_with_their_upstream()
    {
        var running = Of(0, 20, 0);
        Assert.NotNull(RemovalGuard.Check(running, Snapshot.Empty));
    }

    private static Guard GuardOf(string text) => text == "off" ? Guard.Off : new(int.Parse(text[..^1]) / 100.0);

    private static Snapshot Of(int services, int backends, int vips) =>
        Snapshot.Empty with
        {
            Services = Named<Service>.From(
                Enumerable.Range(0, services).Select(i => Objects.Service($"s{i}", "u", i + 1))
            ),
            Upstreams = Named<Upstream>.From(
                new[] { 0, 1 }.Select(half => new Upstream
                {
                    Name = $"u{half}",
                    Backends = Items.From(
                        Enumerable
                            .Range(0, backends)
                            .Where(i => i % 2 == half)
                            .Select(i => Snapshots.Backend($"10.0.0.{i}"))
                    ),
                })
            ),
            Vips = Named<Vip>.From(Enumerable.Range(0, vips).Select(i => Objects.Vip($"v{i}", i + 1))),
        };
}
