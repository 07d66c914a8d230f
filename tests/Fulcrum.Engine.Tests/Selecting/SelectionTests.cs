using System.Net;
using Fulcrum.Balancing;
using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Selecting;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Selecting;

public sealed class SelectionTests
{
    private const int Members = 300;

    /// <summary>Tables are as large as the upstream, not as large as the part of it that serves.</summary>
    [Theory]
    [InlineData(BalanceAlgorithm.Ketama, 0)]
    [InlineData(BalanceAlgorithm.Rendezvous, 0)]
    [InlineData(BalanceAlgorithm.Maglev, 0.2)]
    public void When_half_the_members_rest_the_clients_of_the_others_stay(BalanceAlgorithm algorithm, double moved)
    {
        var all = Selection.Of(Upstream(rest: false), new() { Algorithm = algorithm });
        var half = Selection.Of(Upstream(rest: true), new() { Algorithm = algorithm });
        Assert.Equal((Members, Members / 2), (all.Candidates.Count, half.Candidates.Count));
        var (stay, move) = (0, 0);
        for (var client = 1U; client <= 2000; client++)
        {
            var hash = ClientKey.Of(HashKey.SourceAddress, AddressBits.OfIPv4(client), 0);
            var (before, after) = (Pick(all, hash), Pick(half, hash));
            if (half.Candidates.Any(candidate => candidate.Id == before))
            {
                (stay, move) = before == after ? (stay + 1, move) : (stay, move + 1);
            }
        }

        Assert.InRange((double)move / (stay + move), 0, moved);
    }

    [Fact]
    public void Only_who_serves_and_has_an_address_may_be_chosen()
    {
        var upstream = Upstream(rest: false);
        var backends = upstream.Backends.Take(4).ToArray();
        backends[0] = backends[0] with { Duty = BackendDuty.Drain };
        backends[1] = backends[1] with { Address = null };
        backends[2] = backends[2] with { Duty = BackendDuty.Rest };
        var selection = Selection.Of(upstream with { Backends = Items.From(backends) }, Balance.Default);
        Assert.Same(backends[3], Assert.Single(selection.Candidates));
    }

    private static string Pick(Selection selection, ulong hash) =>
        selection.Candidates[selection.Balancer.Pick(selection.Balancer.CreateState(0), new(hash, new NoLoad()))].Id;

    private static PlaneUpstream Upstream(bool rest) =>
        new()
        {
            Name = "u",
            ConnectTimeout = TimeSpan.FromSeconds(1),
            ConnectRetries = 0,
            Backends = Items.From(
                Enumerable
                    .Range(0, Members)
                    .Select(i => new PlaneBackend
                    {
                        Id = $"b{i}",
                        Address = new IPAddress([10, 0, (byte)(i >> 8), (byte)i]),
                        Port = 80,
                        Weight = 1,
                        Duty = rest && i % 2 == 1 ? BackendDuty.Rest : BackendDuty.Serve,
                    })
            ),
        };

    private sealed class NoLoad : ILoad
    {
        public int ActiveOf(int index) => 0;

        public bool HasRoom(int index) => true;
    }
}
