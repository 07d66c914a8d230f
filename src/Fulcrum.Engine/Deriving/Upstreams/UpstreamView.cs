using System.Net;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// An upstream as a listener sees it: checks, marks and forwarding depend on policy, the port of portless backends on
/// the listener, how long a drain lasts on the service. Listeners that see it alike share what is decided.
/// </summary>
/// <param name="ProbedAt">The listener's address, where checks go there and through the plane to each backend.</param>
internal sealed record UpstreamView(
    string Upstream,
    Policy Policy,
    int? ListenerPort,
    DrainOptions Drain,
    IPAddress? ProbedAt = null
)
{
    /// <summary>The same upstream on the same port, whatever the policy.</summary>
    public bool IsLike(UpstreamView other) => Upstream == other.Upstream && ListenerPort == other.ListenerPort;

    public bool Equals(UpstreamView? other) =>
        other is not null
        && ListenerPort == other.ListenerPort
        && Upstream == other.Upstream
        && Equals(ProbedAt, other.ProbedAt)
        && (ReferenceEquals(Policy, other.Policy) || Policy == other.Policy)
        && Drain == other.Drain;

    // Policies are deep: views of one upstream that differ in policy only are few, and may collide.
    public override int GetHashCode() => HashCode.Combine(Upstream, ListenerPort);
}
