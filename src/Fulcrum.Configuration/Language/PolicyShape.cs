using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;

namespace Fulcrum.Configuration.Language;

/// <summary>The keys that may stand on an upstream, a service or a listener alike.</summary>
internal static class PolicyShape
{
    public static ObjectShape<Policy> Shape { get; } =
        new ObjectShape<Policy>("policy", "What may stand on an upstream, a service or a listener alike.", Policy.Unset)
            .Optional(
                "forward",
                Words.Of<Forwarding>(),
                policy => policy.Forward,
                (policy, value) => policy with { Forward = value },
                "What happens to the packets: user space (proxy), rewriting (nat), direct server return (dsr), encapsulation (tunnel), or nothing (none). Nearest wins; without any, proxy."
            )
            .Field(
                "balance",
                BalanceShape.Shape,
                policy => policy.Balance,
                (policy, value) => policy with { Balance = value },
                "How a backend is chosen. Nearest wins; without any, weighted-round-robin."
            )
            .Field(
                "persist",
                PersistenceShape.Shape,
                policy => policy.Persist,
                (policy, value) => policy with { Persist = value },
                "A client comes back to the backend it had. Nearest wins."
            )
            .Field(
                "checks",
                CheckShape.Shape.List(),
                policy => policy.Checks,
                (policy, value) => policy with { Checks = value },
                "What is asked of each backend; it is healthy when all agree. Checks of all levels add up."
            )
            .Field(
                "healthy",
                WatermarksShape.Shape,
                policy => policy.Healthy,
                (policy, value) => policy with { Healthy = value },
                "How many healthy backends make a healthy service. Nearest wins."
            );
}
