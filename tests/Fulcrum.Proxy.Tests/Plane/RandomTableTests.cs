using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.Plane;
using Fulcrum.Proxy.Sessions;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Whatever tables came before, the plane is as if it had been told the last one alone.</summary>
public sealed class RandomTableTests
{
    private const int Tables = 400;
    private const int Names = 6;
    private const int Addresses = 8;
    private const int Backends = 5;

    private readonly Random _random = Seeds.NewRandom();
    private readonly int _port = PlaneHarness.FreePort();

    [Fact]
    public async Task Every_table_is_carried_out_or_refused_as_if_there_had_been_none_before()
    {
        await using var harness = new PlaneHarness();
        var services = Map<string, PlaneService>.Empty;
        var refused = 0;
        for (var number = 1; number <= Tables; number++)
        {
            var wanted = services;
            for (var changes = _random.Next(1, 4); changes > 0; changes--)
            {
                wanted = Change(harness, wanted);
            }
            var claims = wanted.Values.SelectMany(ClaimsOf).ToList();
            var table = new PlaneTable(number, wanted);
            if (claims.Distinct().Count() < claims.Count)
            {
                refused++;
                var before = harness.Plane.Generation;
                await Assert.ThrowsAsync<PlaneRefusedException>(() => harness.ApplyAsync(table));
                Assert.Same(before, harness.Plane.Generation);
            }
            else
            {
                services = wanted;
                await harness.ApplyAsync(table);
            }
            AssertCarriedOut(harness.Plane, services);
            var open = harness.Plane.Generation.Bindings.Count * PlaneHarness.Loops;
            Assert.Equal(open, Sockets.CountListening(_port));
        }
        Assert.InRange(refused, 1, Tables - 1);
    }

    private static void AssertCarriedOut(ProxyPlane plane, Map<string, PlaneService> services)
    {
        var generation = plane.Generation;
        Assert.Equal(services.Keys.ToHashSet(StringComparer.Ordinal), [.. generation.Services.Keys]);
        Assert.True(generation.Fading.IsEmpty);
        foreach (var service in services.Values)
        {
            AssertDescribed(service, generation.Services[service.Name]!);
            foreach (var listener in service.Listeners)
            {
                var binding = generation.Bindings[Assert.Single(BindingKey.Of(listener.Listener))]!;
                Assert.Same(generation.Services[service.Name]!.State, binding.Plan.Service);
                Assert.Equal(service.Sessions.Drain.Deadline, binding.DrainDeadline);
                Assert.Equal(
                    KeysOf(listener, backend => backend.Duty == BackendDuty.Serve),
                    binding.Plan.Destinations[0].Candidates.Select(candidate => candidate.Key)
                );
            }
        }
        var backends = generation.Services.Values.SelectMany(service => service.Backends.Values);
        foreach (var loop in plane.LoopPlanes)
        {
            Assert.Equal(generation.Bindings.Count, loop.Listeners);
            foreach (var (key, plan) in loop.Plans)
            {
                Assert.True(ReferenceEquals(generation.Bindings[key]?.Plan, plan), $"another plan for {key}");
            }
            Assert.Equal(backends.Select(backend => backend.State).ToHashSet(), [.. loop.Backends]);
        }
    }

    private static void AssertDescribed(PlaneService service, ServiceEntry entry)
    {
        Assert.Equal(
            service.Listeners.SelectMany(listener => KeysOf(listener, _ => true)).ToHashSet(),
            [.. entry.Backends.Keys]
        );
        Assert.Equal(
            service.Listeners.SelectMany(listener => BindingKey.Of(listener.Listener)).ToHashSet(),
            [.. entry.Bindings]
        );
        foreach (var (key, backend) in entry.Backends)
        {
            Assert.Equal(service.Sessions.Drain.Deadline, backend.DrainDeadline);
            var duties = service
                .Listeners.SelectMany(listener => listener.Upstream.Backends)
                .Where(other => BackendKey.Of("u", other) == key)
                .Select(other => other.Duty);
            Assert.Equal(duties.Min(), backend.Backend.Duty);
        }
    }

    private static IEnumerable<BackendKey> KeysOf(PlaneListener listener, Func<PlaneBackend, bool> which) =>
        listener.Upstream.Backends.Where(which).Select(backend => BackendKey.Of("u", backend)!.Value);

    private static IEnumerable<BindingKey> ClaimsOf(PlaneService service) =>
        service.Listeners.SelectMany(listener => BindingKey.Of(listener.Listener));

    private Map<string, PlaneService> Change(PlaneHarness harness, Map<string, PlaneService> services)
    {
        var name = $"service {_random.Next(Names)}";
        if (services[name] is not { } service)
        {
            return services.With(name, Service(harness, name));
        }
        var at = _random.Next(service.Listeners.Count);
        return _random.Next(4) switch
        {
            0 => services.Without(name),
            1 => services.With(
                name,
                service with
                {
                    Sessions = new SessionOptions
                    {
                        Drain = new() { Deadline = TimeSpan.FromSeconds(_random.Next(3)) },
                    },
                }
            ),
            2 => services.With(name, With(service, at, Listener(harness))),
            _ => services.With(
                name,
                With(service, at, Listener(harness) with { Listener = service.Listeners[at].Listener })
            ),
        };
    }

    private static PlaneService With(PlaneService service, int at, PlaneListener listener) =>
        service with
        {
            Listeners = Items.From(service.Listeners.Select((other, index) => index == at ? listener : other)),
        };

    private PlaneService Service(PlaneHarness harness, string name) =>
        harness.Service(_port) with
        {
            Name = name,
            Listeners = Items.From(Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Listener(harness))),
        };

    private PlaneListener Listener(PlaneHarness harness)
    {
        var backends = Enumerable
            .Range(1, Backends)
            .Where(_ => _random.Next(2) == 0)
            .Select(port =>
                PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, port), (BackendDuty)_random.Next(3))
            );
        var address = new IPAddress([127, 8, 0, (byte)_random.Next(Addresses)]);
        return harness.Service(ListenerProtocol.Tcp, address, _port, [.. backends]).Listeners[0];
    }
}
