using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing.Tests;

/// <summary>What every algorithm owes.</summary>
public sealed class PickTests
{
    [Fact]
    public void Chooses_only_what_may_be_chosen_and_finds_it_if_there_is_any() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(
                Generators.Situations,
                situation =>
                {
                    var candidates = Sample.Backends(situation.Weights);
                    var load = new FakeLoad(candidates.Length);
                    situation.Active.CopyTo(load.Active, 0);
                    situation.Full.CopyTo(load.Full, 0);
                    var balancer = Balancer.Create(situation.Algorithm, candidates);
                    var state = balancer.CreateState((ulong)situation.Seed);
                    var allowed = Enumerable
                        .Range(0, candidates.Length)
                        .Where(i => situation.Weights[i] > 0 && !situation.Full[i] && !situation.Tried.Contains(i))
                        .ToHashSet();
                    for (var n = 0UL; n < 30; n++)
                    {
                        var request = new PickRequest(situation.Client + n, load, situation.Tried);
                        var index = balancer.Pick(state, request);
                        if (allowed.Count == 0 ? index != -1 : !allowed.Contains(index))
                        {
                            return false;
                        }
                    }

                    return true;
                }
            )
        );

    [Theory, MemberData(nameof(Sample.All), MemberType = typeof(Sample))]
    public void Chooses_none_without_candidates_or_with_weights_of_zero(BalanceAlgorithm algorithm)
    {
        foreach (var candidates in new[] { [], Sample.Backends(0), Sample.Backends(0, 0, 0) })
        {
            Assert.All(Sample.Picks(algorithm, candidates, 10), index => Assert.Equal(-1, index));
        }
    }

    [Theory, MemberData(nameof(Sample.All), MemberType = typeof(Sample))]
    public void Serves_ten_thousand_candidates(BalanceAlgorithm algorithm)
    {
        var random = new Random(1);
        var candidates = Sample.Backends([.. Enumerable.Range(0, 10_000).Select(_ => random.Next(1, 257))]);
        var balancer = Balancer.Create(algorithm, candidates);
        var state = balancer.CreateState(0);
        var load = new FakeLoad(candidates.Length);
        var chosen = new HashSet<int>();
        for (var client = 0; client < 2000; client++)
        {
            var index = balancer.Pick(state, new PickRequest(Sample.Client(client), load));
            load.Active[index]++;
            chosen.Add(index);
        }

        // 2000 balls in 10,000 bins hit about 1800; in proportion to these weights about 1750.
        var expected = algorithm == BalanceAlgorithm.First ? 1 : 1600;
        Assert.InRange(chosen.Count, expected, 2000);

        Array.Fill(load.Full, true);
        Assert.Equal(-1, balancer.Pick(state, new PickRequest(Sample.Client(0), load)));
        load.Full[7777] = false;
        Assert.Equal(7777, balancer.Pick(state, new PickRequest(Sample.Client(0), load)));
        Assert.Equal(-1, balancer.Pick(state, new PickRequest(Sample.Client(0), load, [7777])));
    }

    [Theory, MemberData(nameof(Sample.All), MemberType = typeof(Sample))]
    public void A_pick_allocates_nothing(BalanceAlgorithm algorithm)
    {
        var candidates = Sample.Backends([.. Enumerable.Range(1, 50)]);
        var balancer = Balancer.Create(algorithm, candidates);
        var state = balancer.CreateState(3);
        var load = new FakeLoad(candidates.Length);
        int[] tried = [1, 2, 49];
        PickMany();
        Array.Fill(load.Full, true, 4, 44);
        PickMany();

        var before = GC.GetAllocatedBytesForCurrentThread();
        PickMany();
        Array.Clear(load.Full);
        PickMany();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void PickMany()
        {
            for (var client = 0UL; client < 500; client++)
            {
                load.Active[balancer.Pick(state, new PickRequest(client * 0x9E3779B97F4A7C15, load, tried))]++;
            }
        }
    }

    [Fact]
    public void Refuses_the_state_of_another_balancer()
    {
        var one = Balancer.Create(BalanceAlgorithm.RoundRobin, Sample.EqualBackends(2));
        var other = Balancer.Create(BalanceAlgorithm.RoundRobin, Sample.EqualBackends(2));
        var state = other.CreateState(0);
        Assert.Throws<ArgumentException>(() => one.Pick(state, new PickRequest(0, new FakeLoad(2))));
    }

    [Theory, MemberData(nameof(Sample.All), MemberType = typeof(Sample))]
    public void Refuses_a_negative_weight(BalanceAlgorithm algorithm) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Balancer.Create(algorithm, Sample.Backends(1, -1)));
}
