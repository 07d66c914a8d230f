namespace Fulcrum.Balancing.Algorithms;

internal sealed class RoundRobinState(Balancer owner, int next) : BalancerState(owner)
{
    /// <summary>The slot whose turn is next.</summary>
    public int Next { get; set; } = next;
}
