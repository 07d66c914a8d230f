using System.Buffers.Binary;
using Fulcrum.Balancing.Hashing;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing.Tests;

/// <summary>Backends, clients and what becomes of them, for tests of more than one algorithm.</summary>
internal static class Sample
{
    /// <summary>Those that balance here; the others only the kernel has.</summary>
    public static IReadOnlyList<BalanceAlgorithm> Algorithms { get; } =
    [.. Enum.GetValues<BalanceAlgorithm>().Where(algorithm => algorithm <= BalanceAlgorithm.First)];

    public static TheoryData<BalanceAlgorithm> All => [.. Algorithms];

    public static TheoryData<BalanceAlgorithm> Weighted =>
        [.. Algorithms.Where(a => a is not (BalanceAlgorithm.RoundRobin or BalanceAlgorithm.First))];

    public static TheoryData<BalanceAlgorithm> Hashing =>
        [BalanceAlgorithm.SourceHash, BalanceAlgorithm.Maglev, BalanceAlgorithm.Rendezvous, BalanceAlgorithm.Ketama];

    /// <summary>10.1.0.1:80, 10.1.0.2:80 and so on, with these weights.</summary>
    public static Candidate[] Backends(params int[] weights) =>
        [.. weights.Select((weight, i) => new Candidate(StableHash.Of($"10.1.{i / 250}.{(i % 250) + 1}:80"), weight))];

    public static Candidate[] EqualBackends(int count) => Backends([.. Enumerable.Repeat(1, count)]);

    /// <summary>The hash of client number <paramref name="number"/>, from 172.16.0.0 on.</summary>
    public static ulong Client(int number)
    {
        Span<byte> address = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(address, (172 << 24) + (16 << 16) + number);
        return ClientHash.Default.Of(address);
    }

    /// <summary>The indices chosen for the clients 0, 1, 2 …</summary>
    public static int[] Picks(Balancer balancer, BalancerState state, ILoad load, int count)
    {
        var picks = new int[count];
        for (var client = 0; client < count; client++)
        {
            picks[client] = balancer.Pick(state, new PickRequest(Client(client), load));
        }

        return picks;
    }

    public static int[] Picks(
        BalanceAlgorithm algorithm,
        Candidate[] candidates,
        int count,
        BalancerOptions? options = null
    )
    {
        var balancer = Balancer.Create(algorithm, candidates, options);
        return Picks(balancer, balancer.CreateState(0), new FakeLoad(candidates.Length), count);
    }

    /// <summary>As letters: a is index 0.</summary>
    public static string Letters(IEnumerable<int> picks) => string.Concat(picks.Select(i => (char)('a' + i)));

    public static int[] Counts(IEnumerable<int> picks, int candidates)
    {
        var counts = new int[candidates];
        foreach (var index in picks)
        {
            counts[index]++;
        }

        return counts;
    }
}
