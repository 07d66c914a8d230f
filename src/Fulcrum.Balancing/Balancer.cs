using Fulcrum.Balancing.Algorithms;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing;

/// <summary>
/// Chooses a backend among the eligible ones.
/// </summary>
/// <remarks>
/// A balancer is immutable: the tables of an algorithm are built once, by whoever changes the configuration, and every
/// loop reads the same ones. What changes from pick to pick lives in a <see cref="BalancerState"/> of the loop's own, so
/// a pick neither locks nor allocates. When the backends change, a new balancer is made, and each loop makes its state
/// from the one it had: turns owed to a backend are still owed after a reload.
/// <para>
/// Two kinds of algorithm differ in what they do about a backend that has been tried or is full. Those that take turns
/// or draw go on to the next turn or draw. Those that hash go on along a path that belongs to the client, so the second
/// choice is as steady as the first, and the clients of all other backends stay where they are.
/// </para>
/// </remarks>
public abstract class Balancer
{
    /// <summary>More candidates than this are refused.</summary>
    public const int MaxCandidates = 1 << 20;

    private protected Balancer(Roster roster) => Roster = roster;

    private protected Roster Roster { get; }

    /// <summary>
    /// Builds the tables, so not on a loop. Maglev and ketama take the longest: some 10 ms and up to 1 MB for hundreds of
    /// candidates, a few 100 ms and up to 16 MB for 10,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A negative weight, more than <see cref="MaxCandidates"/>, or options outside their bounds.
    /// </exception>
    public static Balancer Create(
        BalanceAlgorithm algorithm,
        ReadOnlySpan<Candidate> candidates,
        BalancerOptions? options = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidates.Length, MaxCandidates, nameof(candidates));
        options ??= new BalancerOptions();
        return algorithm switch
        {
            BalanceAlgorithm.WeightedRoundRobin => new WeightedRoundRobinBalancer(candidates),
            BalanceAlgorithm.RoundRobin => new RoundRobinBalancer(candidates),
            BalanceAlgorithm.LeastConnections => new LeastConnectionsBalancer(candidates),
            BalanceAlgorithm.SourceHash => new SourceHashBalancer(candidates),
            BalanceAlgorithm.Maglev => new MaglevBalancer(candidates, options),
            BalanceAlgorithm.Random => new RandomBalancer(candidates),
            BalanceAlgorithm.PowerOfTwo => new PowerOfTwoBalancer(candidates),
            BalanceAlgorithm.Rendezvous => new RendezvousBalancer(candidates),
            BalanceAlgorithm.Ketama => new KetamaBalancer(candidates, options),
            BalanceAlgorithm.First => new FirstBalancer(candidates),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "unknown algorithm"),
        };
    }

    /// <summary>Makes the state of one loop.</summary>
    /// <param name="seed">
    /// Best the number of the loop: consecutive seeds start at consecutive places, so that the loops do not all begin
    /// with the same backend.
    /// </param>
    /// <param name="previous">
    /// The state that the loop had with the balancer before this one, which must be idle. What it says about backends
    /// that are still there goes on; one of another algorithm is ignored.
    /// </param>
    public virtual BalancerState CreateState(ulong seed, BalancerState? previous = null) => new(this);

    /// <summary>The index of the candidate for this request, or -1 if none may be chosen.</summary>
    /// <exception cref="ArgumentException"><paramref name="state"/> is another balancer's.</exception>
    public int Pick(BalancerState state, in PickRequest request)
    {
        if (!ReferenceEquals(state.Owner, this))
        {
            throw new ArgumentException("the state belongs to another balancer", nameof(state));
        }

        var slot = Roster.Count == 0 ? -1 : PickSlot(state, request);
        return slot < 0 ? -1 : Roster.Indices[slot];
    }

    /// <summary>The slot to choose, or -1. The roster is not empty.</summary>
    private protected abstract int PickSlot(BalancerState state, in PickRequest request);

    private protected bool Allows(int slot, in PickRequest request) => request.Allows(Roster.Indices[slot]);

    /// <summary>The first slot from <paramref name="start"/> on, around the roster, that may be chosen; or -1.</summary>
    private protected int FirstAllowed(int start, in PickRequest request)
    {
        var slot = start;
        for (var step = 0; step < Roster.Count; step++)
        {
            if (Allows(slot, request))
            {
                return slot;
            }

            slot = slot + 1 == Roster.Count ? 0 : slot + 1;
        }

        return -1;
    }
}
