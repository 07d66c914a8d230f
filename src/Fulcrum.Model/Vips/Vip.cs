using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Vips;

public enum UpWhen
{
    /// <summary>At least one service on it is healthy.</summary>
    Any,

    /// <summary>Every service on it is healthy.</summary>
    All,

    /// <summary>Whatever the services do.</summary>
    Always,
}

public enum ActiveOn
{
    /// <summary>The node whose role for it is active.</summary>
    Role,
    EveryNode,
}

/// <summary>Where an address is raised.</summary>
public abstract record VipPlace;

/// <summary>Nowhere: the plane or a router knows what to do with it.</summary>
public sealed record NoPlace : VipPlace;

/// <summary>A dummy interface that Fulcrum makes; the address is there, but no link is.</summary>
public sealed record OnDummy : VipPlace;

/// <summary>An interface that exists or that <c>interfaces</c> describes.</summary>
public sealed record OnInterface(string Interface) : VipPlace;

/// <summary>Whichever interface has a network that holds the address.</summary>
public sealed record OnMatchingInterface : VipPlace;

/// <summary>An address that Fulcrum raises.</summary>
public sealed record Vip : INamed
{
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(1);

    public required string Name { get; init; }

    public Labels Labels { get; init; } = Labels.Empty;

    /// <summary>Raised and withdrawn as one; usually one address, or one of each family.</summary>
    public Items<InterfaceAddress> Addresses { get; init; }

    public VipPlace On { get; init; } = new OnMatchingInterface();

    /// <summary>The router that answers leave by, at most one of each family; none: they go as everything does.</summary>
    public Items<IPAddress> Gateways { get; init; }

    public UpWhen UpWhen { get; init; } = UpWhen.Any;

    public ActiveOn Active { get; init; } = ActiveOn.Role;

    /// <summary>
    /// The kernel drops the address when it is not renewed for so long: a daemon that died or hangs must not keep it, and
    /// one that restarts or is upgraded needs a while. Null: it keeps it for ever.
    /// </summary>
    public TimeSpan? Lifetime { get; init; } = DefaultLifetime;

    /// <summary>
    /// How long it still stands after its last announcement was taken back: what routers learn late would otherwise
    /// be refused.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);
}
