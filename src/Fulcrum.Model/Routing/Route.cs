using Fulcrum.Model.Values;

namespace Fulcrum.Model.Routing;

/// <summary>Match, then rewrite, then an upstream, a rejection, or another list. The first that matches is taken.</summary>
public sealed record Route
{
    /// <summary>Null: everything.</summary>
    public Match? Match { get; init; }

    public Items<Rewrite> Rewrite { get; init; }

    public required RouteAction Action { get; init; }

    /// <summary>Names of stages on the way to the backend, in order.</summary>
    public Items<string> Ingress { get; init; }

    /// <summary>Names of stages on the way back, in order.</summary>
    public Items<string> Egress { get; init; }

    public Retry? Retry { get; init; }
}

/// <summary>Where a route leads.</summary>
public abstract record RouteAction;

public sealed record ToUpstream(string Upstream) : RouteAction;

/// <summary>On to another list; what matches nothing there is rejected.</summary>
public sealed record Goto(string RouteList) : RouteAction;

/// <summary>No backend. Code: the HTTP status where HTTP is spoken; null: the connection is closed.</summary>
public sealed record Reject(int? Code) : RouteAction;

/// <summary>Routes under a name, for more than one service or for <c>goto</c>. Lists must not lead in circles.</summary>
public sealed record RouteList : INamed
{
    public required string Name { get; init; }

    public Items<Route> Routes { get; init; }
}

/// <summary>Sets a field of the session's metadata, or removes it when the value is null.</summary>
public sealed record Rewrite(string Field, string? Value);
