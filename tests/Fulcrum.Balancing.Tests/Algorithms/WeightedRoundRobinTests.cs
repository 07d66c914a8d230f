using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing.Tests.Algorithms;

public sealed class WeightedRoundRobinTests
{
    private const BalanceAlgorithm Algorithm = BalanceAlgorithm.WeightedRoundRobin;

    [Fact]
    public void Interleaves_as_nginx_does() =>
        Assert.Equal("aabacaaaabacaa", Sample.Letters(Sample.Picks(Algorithm, Sample.Backends(5, 1, 1), 14)));

    [Fact]
    public void Is_nginx_s_sequence_for_any_weights() =>
        Prop.ForAll(
                Generators.PositiveWeights,
                weights =>
                {
                    var count = 3 * weights.Sum();
                    return Sample
                        .Picks(Algorithm, Sample.Backends(weights), count)
                        .SequenceEqual(Nginx(weights, count));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void None_is_a_whole_turn_ahead_of_its_share() =>
        Prop.ForAll(
                Generators.PositiveWeights,
                weights =>
                {
                    double total = weights.Sum();
                    var counts = new int[weights.Length];
                    return Sample
                        .Picks(Algorithm, Sample.Backends(weights), 2000)
                        .Select((index, turn) => ++counts[index] < ((turn + 1) * weights[index] / total) + 1)
                        .All(isWithin => isWithin);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void States_of_consecutive_seeds_start_at_consecutive_turns()
    {
        var balancer = Balancer.Create(Algorithm, Sample.Backends(5, 1, 1));
        var load = new FakeLoad(3);
        var firsts = Enumerable
            .Range(0, 14)
            .Select(seed => balancer.Pick(balancer.CreateState((ulong)seed), new PickRequest(0, load)));
        Assert.Equal("aabacaaaabacaa", Sample.Letters(firsts));
    }

    [Fact]
    public void A_reload_before_every_pick_leaves_the_sequence_as_it_was()
    {
        BalancerState? state = null;
        var picks = new List<int>();
        for (var pick = 0; pick < 14; pick++)
        {
            var balancer = Balancer.Create(Algorithm, Sample.Backends(5, 1, 1));
            state = balancer.CreateState(0, state);
            picks.Add(balancer.Pick(state, new PickRequest(0, new FakeLoad(3))));
        }

        Assert.Equal("aabacaaaabacaa", Sample.Letters(picks));
    }

    /// <summary>Without what was owed before, the first of the list would get everything.</summary>
    [Fact]
    public void Reloads_with_other_weights_order_and_members_do_not_skew_the_shares()
    {
        var backends = Sample.Backends(1, 1, 1);
        Candidate[][] lists =
        [
            [backends[0], backends[1]],
            [backends[0] with { Weight = 100 }, backends[1] with { Weight = 100 }, backends[2]],
            [backends[1] with { Weight = 3 }, backends[0] with { Weight = 3 }],
            [backends[2], backends[0], backends[1]],
        ];
        BalancerState? state = null;
        var counts = backends.ToDictionary(b => b.Key, _ => 0);
        for (var pick = 0; pick < 4000; pick++)
        {
            var list = lists[pick % lists.Length];
            var balancer = Balancer.Create(Algorithm, list);
            state = balancer.CreateState(0, state);
            counts[list[balancer.Pick(state, new PickRequest(0, new FakeLoad(list.Length)))].Key]++;
        }

        Assert.InRange(counts[backends[0].Key], 1500, 2000);
        Assert.InRange(counts[backends[1].Key] - counts[backends[0].Key], -40, 40);
    }

    [Fact]
    public void A_changed_weight_holds_from_the_next_turn_on()
    {
        var load = new FakeLoad(2);
        var before = Balancer.Create(Algorithm, Sample.Backends(1, 1));
        var state = before.CreateState(0);
        Sample.Picks(before, state, load, 1001);
        var after = Balancer.Create(Algorithm, Sample.Backends(1, 3));
        var counts = Sample.Counts(Sample.Picks(after, after.CreateState(0, state), load, 400), 2);
        Assert.InRange(counts[1], 299, 302);
    }

    [Fact]
    public void A_backend_that_was_full_for_long_gets_no_burst()
    {
        var load = new FakeLoad(3);
        var balancer = Balancer.Create(Algorithm, Sample.Backends(1, 1, 1));
        var state = balancer.CreateState(0);
        load.Full[0] = true;
        var counts = Sample.Counts(Sample.Picks(balancer, state, load, 1000), 3);
        Assert.Equal([0, 500, 500], counts);
        load.Full[0] = false;
        Assert.InRange(Sample.Counts(Sample.Picks(balancer, state, load, 30), 3)[0], 9, 11);
    }

    /// <summary>So heavy that its turns all pass: the turns among the others alone.</summary>
    [Fact]
    public void The_lighter_take_their_turns_while_a_far_heavier_one_is_full()
    {
        var load = new FakeLoad(3);
        var balancer = Balancer.Create(Algorithm, Sample.Backends(1_000_000, 1, 3));
        var state = balancer.CreateState(0);
        load.Full[0] = true;
        var counts = Sample.Counts(Sample.Picks(balancer, state, load, 4000), 3);
        Assert.InRange(counts[1], 999, 1001);
        load.Full[0] = false;
        Assert.InRange(Sample.Counts(Sample.Picks(balancer, state, load, 1000), 3)[0], 998, 1000);
    }

    /// <summary>However many turns pass, each of the others is within four picks of its share.</summary>
    [Fact]
    public void The_others_keep_their_proportions_whichever_are_full() =>
        Prop.ForAll(
                Generators.Situations,
                situation =>
                {
                    int[] weights = [.. situation.Weights.Select(w => Math.Min(w, 100_000))];
                    var load = new FakeLoad(weights.Length);
                    situation.Full.CopyTo(load.Full, 0);
                    double total = weights.Where((_, i) => !load.Full[i]).Sum(w => (long)w);
                    var balancer = Balancer.Create(Algorithm, Sample.Backends(weights));
                    var state = balancer.CreateState((ulong)situation.Seed);
                    if (total == 0)
                    {
                        return true;
                    }

                    var counts = Sample.Counts(Sample.Picks(balancer, state, load, 2000), weights.Length);
                    return counts
                        .Zip(weights)
                        .Where((_, i) => !load.Full[i])
                        .All(x => Math.Abs(x.First - (2000 * x.Second / total)) <= 4);
                }
            )
            .QuickCheckThrowOnFailure();

    private static IEnumerable<int> Nginx(int[] weights, int count)
    {
        var current = new int[weights.Length];
        for (var turn = 0; turn < count; turn++)
        {
            var best = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                current[i] += weights[i];
                best = current[i] > current[best] ? i : best;
            }

            current[best] -= weights.Sum();
            yield return best;
        }
    }
}
