using Fulcrum.Model.Checks;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Policies;

/// <summary>
/// What may stand on an upstream, a service or a listener alike: the nearest to the listener wins, checks add up.
/// A null says "not here".
/// </summary>
public sealed record Policy
{
    public static Policy Unset { get; } = new();

    public Forwarding? Forward { get; init; }

    public Balance? Balance { get; init; }

    public Persistence? Persist { get; init; }

    public Items<Check> Checks { get; init; }

    public Watermarks? Healthy { get; init; }

    /// <summary>This policy with what it leaves open taken from a farther one.</summary>
    public Policy Over(Policy farther)
    {
        if (ReferenceEquals(farther, Unset) || ReferenceEquals(this, farther))
        {
            return this;
        }

        if (ReferenceEquals(this, Unset))
        {
            return farther;
        }

        return new()
        {
            Forward = Forward ?? farther.Forward,
            Balance = Balance ?? farther.Balance,
            Persist = Persist ?? farther.Persist,
            Checks =
                Checks.IsEmpty ? farther.Checks
                : farther.Checks.IsEmpty ? Checks
                : Items.From(farther.Checks.Concat(Checks).Distinct()),
            Healthy = Healthy ?? farther.Healthy,
        };
    }
}
