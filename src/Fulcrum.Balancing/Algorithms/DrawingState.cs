namespace Fulcrum.Balancing.Algorithms;

internal sealed class DrawingState(Balancer owner, Prng prng) : BalancerState(owner)
{
    private Prng _prng = prng;

    public ref Prng Prng => ref _prng;
}
