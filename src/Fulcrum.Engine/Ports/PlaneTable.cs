using System.Net;
using Fulcrum.Model;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>
/// Everything that one plane shall carry, as plain data. Parts that did not change since the last generation are
/// the same objects, so that a plane finds what to do by <see cref="Map{TKey,TValue}.ChangesSince"/> and by comparing
/// references.
/// </summary>
public sealed record PlaneTable(long Generation, Map<string, PlaneService> Services)
{
    public static PlaneTable Empty { get; } = new(0, Map<string, PlaneService>.Empty);

    /// <summary>For the plane of that name.</summary>
    public IpvsSettings Ipvs { get; init; } = IpvsSettings.Default;

    /// <summary>For planes xdp and tc.</summary>
    public XdpSettings Xdp { get; init; } = XdpSettings.Default;
}

/// <summary>A service as a plane sees it: every default filled in, every policy laid over the other.</summary>
public sealed record PlaneService
{
    public required string Name { get; init; }

    public required Items<PlaneListener> Listeners { get; init; }

    public required SessionOptions Sessions { get; init; }

    public required ClientRules Client { get; init; }

    /// <summary>Null: none.</summary>
    public AccessLog? AccessLog { get; init; }

    /// <summary>What clients of its listeners that speak TLS are shown. Null: there are none.</summary>
    public TlsTermination? Tls { get; init; }

    /// <summary>Its listeners remember clients together.</summary>
    public bool Together { get; init; }

    /// <summary>Firewall mark of a service whose listeners belong together, on a plane that knows numbers.</summary>
    public int? Mark { get; init; }
}

/// <summary>One listener and where its connections go.</summary>
public sealed record PlaneListener
{
    public required Listener Listener { get; init; }

    /// <summary>
    /// Firewall mark by which a plane in the kernel knows it, where it has several ports and does not belong together
    /// with others. Null: it needs none.
    /// </summary>
    public int? Mark { get; init; }

    /// <summary>All the upstreams that its sessions may come to, each once; at least one.</summary>
    public required Items<PlaneDestination> Destinations { get; init; }

    /// <summary>The first that matches is taken; none: refused. Empty: all goes to the first destination.</summary>
    public Items<PlaneRoute> Routes { get; init; }

    /// <summary>How the first destination is balanced.</summary>
    public Balance Balance => Destinations[0].Balance;

    /// <summary>The first destination.</summary>
    public PlaneUpstream Upstream => Destinations[0].Upstream;
}

/// <summary>An upstream as a listener leads to it.</summary>
/// <param name="Persist">Whether clients come back to the backend they had. Null: they need not.</param>
public sealed record PlaneDestination(Balance Balance, PlaneUpstream Upstream, Persistence? Persist = null)
{
    public Forwarding Forward { get; init; } = Forwarding.Proxy;
}

/// <summary>The members among whom a listener's connections are balanced.</summary>
public sealed record PlaneUpstream
{
    public required string Name { get; init; }

    public required Items<PlaneBackend> Backends { get; init; }

    /// <summary>
    /// Only members whose <see cref="PlaneBackend.Sni"/> holds for the client's TLS server name are eligible; where the
    /// others go. Null: the name does not matter.
    /// </summary>
    public BySni? BySni { get; init; }

    /// <summary>How its members are connected to, where they say nothing of their own.</summary>
    public ConnectOptions Connect { get; init; } = ConnectOptions.Unset;

    /// <summary>Connecting to one backend takes at most this long.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>How many other backends are tried when connecting fails.</summary>
    public required int ConnectRetries { get; init; }

    /// <summary>The pause before each of them.</summary>
    public TimeSpan RetryWait { get; init; }

    /// <summary>How many of them there may be in all. Null: no bound.</summary>
    public RetryBudget? RetryBudget { get; init; }

    /// <summary>Who waits when all that may serve are full. Null: nobody.</summary>
    public ConnectQueue? Queue { get; init; }

    /// <summary>After so many failures in a row a <see cref="PassiveSignal"/> is wanted. Null: never.</summary>
    public int? EjectAfter { get; init; }

    /// <summary>The same when too few connections succeed. Null: that does not matter.</summary>
    public SuccessRate? EjectBelow { get; init; }
}

/// <summary>What a plane may do with a backend; what allows more comes first.</summary>
public enum BackendDuty
{
    /// <summary>Gets new connections.</summary>
    Serve,

    /// <summary>Unhealthy or held in reserve: no new ones; what is established goes on as long as it works.</summary>
    Rest,

    /// <summary>On its way out: no new ones, and what is established ends at the drain deadline.</summary>
    Drain,
}

/// <summary>One member. Its identity is its address, port and <see cref="Id"/>; the rest may change under it.</summary>
public sealed record PlaneBackend
{
    public required string Id { get; init; }

    /// <summary>Null while its name has no address yet: then it never serves. Null too where it has a path.</summary>
    public required IPAddress? Address { get; init; }

    /// <summary>Of a socket, pipe or program on this machine; null: it has an address.</summary>
    public string? Path { get; init; }

    /// <summary>Null: the port that the client used.</summary>
    public required int? Port { get; init; }

    /// <summary>In proportion to the other members'; recovery and scores are in it already.</summary>
    public required int Weight { get; init; }

    public required BackendDuty Duty { get; init; }

    /// <summary>Checks say that it does not work: a plane in the kernel, which cannot see that for itself, ends what it has.</summary>
    public bool HasFailed { get; init; }

    public int? MaxConnections { get; init; }

    /// <summary>How it is connected to, all laid over each other; null: as its upstream says.</summary>
    public ConnectOptions? Connect { get; init; }

    /// <summary>The name that it is written as; null: an address. TLS asks for it.</summary>
    public string? Name { get; init; }

    /// <summary>TLS server names that it is meant for, where its upstream chooses by them; null: none of its own.</summary>
    public TextPattern? Sni { get; init; }

    /// <summary>It is gone from the file or its source, and only finishes what it has.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Sessions can get there.</summary>
    public bool HasPlace => Address is not null || Path is not null;

    /// <summary>Once it was full, it gets connections again below this many.</summary>
    public int? ResumeConnections { get; init; }

    /// <summary>
    /// For <see cref="BackendDuty.Drain"/>: what is established ends then. Null: after the drain deadline of the service.
    /// </summary>
    public DateTimeOffset? DrainUntil { get; init; }

    /// <summary>For <see cref="BackendDuty.Drain"/>: clients that persistence binds to it may still come.</summary>
    public bool AdmitsRemembered { get; init; }

    /// <summary>Its sticky number, on a plane that knows numbers.</summary>
    public int? Number { get; init; }

    /// <summary>
    /// The firewall mark of probes: what comes to the vip with it goes to this backend and no other, whatever its duty.
    /// Null: no check goes through the plane.
    /// </summary>
    public int? ProbeMark { get; init; }
}
