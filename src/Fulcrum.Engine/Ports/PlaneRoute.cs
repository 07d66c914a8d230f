using Fulcrum.Model.Routing;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>A route of a listener, with the names in it resolved.</summary>
public sealed record PlaneRoute
{
    /// <summary>Where it is written, for people: <c>services.web.routes[2]</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Null: everything.</summary>
    public Match? Match { get; init; }

    public Items<Rewrite> Rewrite { get; init; }

    public required PlaneRouteAction Action { get; init; }

    /// <summary>On the way to the backend, in order.</summary>
    public Items<PlaneStage> Ingress { get; init; }

    /// <summary>On the way back, in order.</summary>
    public Items<PlaneStage> Egress { get; init; }

    /// <summary>How often another backend is tried, within the upstream's budget. Null: as the upstream has it.</summary>
    public Retry? Retry { get; init; }
}

/// <summary>Where a route leads.</summary>
public abstract record PlaneRouteAction;

/// <param name="Destination">Its place in <see cref="PlaneListener.Destinations"/>.</param>
public sealed record PlaneForward(int Destination) : PlaneRouteAction;

/// <param name="Routes">Of these the first that matches is taken; none: refused.</param>
public sealed record PlaneGoto(Items<PlaneRoute> Routes) : PlaneRouteAction;

/// <param name="Code">The HTTP status where HTTP is spoken; null: the connection is closed.</param>
public sealed record PlaneReject(int? Code) : PlaneRouteAction;

/// <param name="Name">As it is configured.</param>
/// <param name="Destination">
/// The place in <see cref="PlaneListener.Destinations"/> of the upstream that it needs; null: it needs none.
/// </param>
public sealed record PlaneStage(string Name, StageSpec Spec, int? Destination);
