using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Plane;

/// <summary>What makes a listening socket the same one in the next generation.</summary>
internal readonly record struct BindingKey(SocketKind Kind, SocketAddress Address);

/// <summary>One address that clients reach in one generation, and the plan of those who come there.</summary>
internal sealed class Binding
{
    public required BindingKey Key { get; init; }

    public required ListenerPlan Plan { get; init; }

    /// <summary>The descriptor for each loop, bound by this preparation; null when the loops have theirs already.</summary>
    public required int[]? Descriptors { get; init; }

    public required TimeSpan DrainDeadline { get; init; }

    /// <summary>What the plan was made from: while these are the same objects, so is the plan.</summary>
    public required (PlaneListener Listener, SessionOptions Sessions, ClientRules Client) Source { get; init; }
}
