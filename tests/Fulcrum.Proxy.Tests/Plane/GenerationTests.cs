using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.Plane;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What a table costs is what differs from the one before it.</summary>
public sealed class GenerationTests
{
    private const int Services = 2_000;
    private const int Backends = 10;

    // A walk over all services takes several times as much for its steps alone.
    private const int MostAllocated = 24 * 1024;

    [Fact]
    public async Task One_backend_among_many_touches_its_own_service_and_no_other()
    {
        await using var harness = new PlaneHarness();
        var table = harness.Table([.. Enumerable.Range(0, Services).Select(number => Service(harness, number))]);
        var options = new ProxyPlaneOptions { Loops = 1 };
        var first = new GenerationBuilder(options, Generation.Empty, new(TimeProvider.System));
        try
        {
            var before = first.Build(table);
            Assert.Empty(first.Problems);
            Assert.Equal(Services, before.Bindings.Count);
            var one = table.Services["service 500"]!;
            // What is done for the first time is paid for once.
            _ = Step(options, before, Rested(table, one, 1));
            var (after, change, allocated) = Step(options, before, Rested(table, one, 2));

            var touched = Assert.Single(after.Services.ChangesSince(before.Services));
            Assert.Equal(one.Name, touched.Key);
            Assert.Same(touched.Before!.State, touched.After!.State);
            Assert.Single(after.Bindings.ChangesSince(before.Bindings));
            Assert.Same(before.Fading, after.Fading);
            Assert.Same(before.Closing, after.Closing);
            // This, and nothing else, is what each loop is told.
            var backend = Assert.Single(change.Backends);
            Assert.Equal("backend 2", backend.Key.Id);
            Assert.Equal(BackendDuty.Rest, backend.After!.Backend.Duty);
            Assert.Same(backend.Before!.State, backend.After.State);
            var binding = Assert.Single(change.Bindings);
            Assert.Same(binding.Before!.Sockets, binding.After!.Sockets);
            Assert.Equal(Backends - 1, binding.After.Plan.Destinations[0].Candidates.Length);
            Assert.InRange(allocated, 1, MostAllocated);
        }
        finally
        {
            first.Abandon();
        }
    }

    [Fact]
    public async Task A_table_of_the_same_services_changes_nothing()
    {
        await using var harness = new PlaneHarness();
        var table = harness.Table(Service(harness, 1), Service(harness, 2));
        await harness.ApplyAsync(table);
        var before = harness.Plane.Generation;
        await harness.ApplyAsync(table with { Generation = table.Generation + 1 });
        Assert.Equal(before with { Number = table.Generation + 1 }, harness.Plane.Generation);
    }

    private static (Generation After, GenerationChange Change, long Allocated) Step(
        ProxyPlaneOptions options,
        Generation before,
        PlaneTable table
    )
    {
        var began = GC.GetAllocatedBytesForCurrentThread();
        var after = new GenerationBuilder(options, before, new(TimeProvider.System)).Build(table);
        var change = GenerationChange.Between(before, after);
        return (after, change, GC.GetAllocatedBytesForCurrentThread() - began);
    }

    private static PlaneTable Rested(PlaneTable table, PlaneService service, int number)
    {
        var listener = service.Listeners[0];
        var backends = Items.From(
            listener.Upstream.Backends.Select(
                (backend, index) => index == number ? backend with { Duty = BackendDuty.Rest } : backend
            )
        );
        var rested = service with
        {
            Listeners =
            [
                listener with
                {
                    Destinations = [new(listener.Balance, listener.Upstream with { Backends = backends })],
                },
            ],
        };
        return new PlaneTable(table.Generation + 1, table.Services.With(service.Name, rested));
    }

    private static PlaneService Service(PlaneHarness harness, int number)
    {
        var address = new IPAddress([127, 9, (byte)(number >> 8), (byte)number]);
        var backends = Enumerable
            .Range(0, Backends)
            .Select(index => PlaneHarness.Backend(new IPEndPoint(address, 1 + index)) with { Id = $"backend {index}" });
        return harness.Service(ListenerProtocol.Tcp, address, Port, [.. backends]) with { Name = $"service {number}" };
    }

    private static int Port { get; } = PlaneHarness.FreePort();
}
