namespace Fulcrum.Balancing;

/// <summary>
/// What one loop remembers between picks: whose turn it is, its random numbers. Owned by that loop and never shared.
/// Made by <see cref="Balancer.CreateState"/>.
/// </summary>
public class BalancerState
{
    internal BalancerState(Balancer owner) => Owner = owner;

    internal Balancer Owner { get; }
}
