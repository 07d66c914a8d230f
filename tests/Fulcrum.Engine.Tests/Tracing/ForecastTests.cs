using System.Net;
using Fulcrum.Balancing;
using Fulcrum.Balancing.Hashing;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Tracing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;
using static Fulcrum.Engine.Tests.Snapshots;
using static Fulcrum.Engine.Tests.Tracing.Sites;

namespace Fulcrum.Engine.Tests.Tracing;

public sealed class ForecastTests
{
    [Theory]
    [InlineData(BalanceAlgorithm.SourceHash)]
    [InlineData(BalanceAlgorithm.Maglev)]
    [InlineData(BalanceAlgorithm.Rendezvous)]
    [InlineData(BalanceAlgorithm.Ketama)]
    [InlineData(BalanceAlgorithm.First)]
    public void Where_the_client_decides_it_is_the_choice_of_the_balancer(BalanceAlgorithm algorithm)
    {
        var random = Seeds.NewRandom();
        for (var round = 0; round < 10; round++)
        {
            var hash = random.Next(2) == 0 ? HashKey.SourceAddress : HashKey.SourceAddressAndPort;
            var backends = Backends(random);
            var web = Upstream(
                new()
                {
                    Balance = new() { Algorithm = algorithm, Hash = hash },
                },
                backends
            );
            var state = Derive(Snapshot(web, Service("web", Listener(ListenerProtocol.Tcp, null, 80))));
            var table = state.Desired.TableOf(PlaneKind.Proxy).Services["web"]!.Listeners[0].Upstream;
            var balancer = Balancer(algorithm, table, out var serving);
            for (var client = 0; client < 20; client++)
            {
                var source = Client(random);
                var result = Tracer.Trace(state, new(TraceProtocol.Tcp, source, IPEndPoint.Parse("192.0.2.80:80")));
                Assert.Equal(TraceOutcome.Backend, result.Outcome);
                var expected = balancer.Pick(balancer.CreateState(7), new(HashOf(hash, source), new NoLoad()));
                Assert.Equal(serving[expected].Id, Assert.Single(result.Backends).Id);
            }
        }
    }

    // Written out as the planes' contract has it, so that a change of the contract is seen here.
    private static Balancer Balancer(BalanceAlgorithm algorithm, PlaneUpstream table, out List<PlaneBackend> serving)
    {
        serving = [.. table.Backends.Where(backend => backend.Duty == BackendDuty.Serve)];
        var candidates = serving.Select(backend => new Candidate(
            StableHash.Of(new IPEndPoint(backend.Address!, backend.Port!.Value).ToString()),
            backend.Weight
        ));
        return Fulcrum.Balancing.Balancer.Create(
            algorithm,
            candidates.ToArray(),
            new() { Members = table.Backends.Count, TotalWeight = table.Backends.Sum(backend => (long)backend.Weight) }
        );
    }

    private static ulong HashOf(HashKey key, IPEndPoint client)
    {
        var address = client.Address.GetAddressBytes();
        return key == HashKey.SourceAddress
            ? ClientHash.Default.Of(address)
            : ClientHash.Default.Of(address, (ushort)client.Port);
    }

    private static Backend[] Backends(Random random) =>
        [
            .. Enumerable
                .Range(1, random.Next(1, 12))
                .Select(i =>
                    Backend(random.Next(2) == 0 ? $"10.0.0.{i}" : $"2001:db8::{i}") with
                    {
                        Weight = random.Next(1, 5),
                        Status = i > 1 && random.Next(4) == 0 ? BackendStatus.Disabled : BackendStatus.Enabled,
                    }
                ),
        ];

    private static IPEndPoint Client(Random random)
    {
        var bytes = new byte[random.Next(2) == 0 ? 4 : 16];
        random.NextBytes(bytes);
        var address = new IPAddress(bytes);
        return new(random.Next(3) == 0 ? address.MapToIPv6() : address, random.Next(1, 65536));
    }

    private sealed class NoLoad : ILoad
    {
        public int ActiveOf(int index) => 0;

        public bool HasRoom(int index) => true;
    }
}
