using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Plane;

/// <summary>One address that clients reach, its sockets, and the plan of those who come there. Immutable.</summary>
internal sealed class Binding
{
    public required ListenerPlan Plan { get; init; }

    /// <summary>They pass from one binding of the address to the next.</summary>
    public required ListenerSockets Sockets { get; init; }

    /// <summary>What the plan was made from.</summary>
    public required PlanSource Source { get; init; }

    public TimeSpan DrainDeadline => Source.Sessions.Drain.Deadline;
}
