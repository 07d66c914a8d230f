using Fulcrum.Balancing;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Clients;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Waiting;

namespace Fulcrum.Proxy.Routing;

/// <summary>What one generation says about one upstream that a listener leads to. Immutable.</summary>
internal sealed class DestinationPlan
{
    /// <summary>The kernel retransmits a SYN for minutes; more attempts than this help nobody.</summary>
    public const int MaxAttempts = 8;

    /// <summary>Its name.</summary>
    public required string Upstream { get; init; }

    /// <summary>Where it goes on by the client's TLS server name; null: that does not matter.</summary>
    public NamedPlans? ByName { get; init; }

    /// <summary>It is for some of the upstream's members only: what is known of their names; null: it is for all.</summary>
    public string? Group { get; init; }

    public required Balancer Balancer { get; init; }

    /// <summary>The backends that may be chosen, in the balancer's order.</summary>
    public required ServiceBackend[] Candidates { get; init; }

    /// <summary>All of its group, whether they may be chosen or not; null: all that there are.</summary>
    public HashSet<ServiceBackend>? Members { get; init; }

    /// <summary>How they are connected to.</summary>
    public ConnectPlan Connect { get; init; } = ConnectPlan.Plain;

    /// <summary>How those are that have something of their own to say.</summary>
    public Dictionary<ServiceBackend, ConnectPlan> OwnConnects { get; init; } = [];

    public IEnumerable<ConnectPlan> Connects => OwnConnects.Values.Prepend(Connect);

    public required HashKey Hash { get; init; }

    /// <summary>What is remembered of clients; null: nothing.</summary>
    public ClientMemory? Memory { get; init; }

    /// <summary>What tells what is remembered of clients in one group from what is in another.</summary>
    public UInt128 MemoryGroup { get; init; }

    /// <summary>Where those wait who find all backends full; null: they do not.</summary>
    public WaitingRoom? Room { get; init; }

    /// <summary>So many wait at most.</summary>
    public int QueueSize { get; init; }

    /// <summary>Milliseconds that one waits at most.</summary>
    public long QueueTimeout { get; init; }

    /// <summary>Milliseconds before another backend is tried.</summary>
    public long RetryWait { get; init; }

    /// <summary>How many retries there may be; null: no bound.</summary>
    public RetryBudget? Budget { get; init; }

    /// <summary>How many backends are tried until one takes a connection.</summary>
    public required int Attempts { get; init; }

    /// <summary>Failures of a backend in a row that are to be told; 0 means none.</summary>
    public required int EjectAfter { get; init; }

    /// <summary>Milliseconds.</summary>
    public required long ConnectTimeout { get; init; }

    /// <summary>How many backends are tried by this rule, and the milliseconds between them.</summary>
    public static (int Attempts, long Wait) AttemptsOf(Retry retry) =>
        (Math.Clamp(retry.ConnectAttempts + 1, 1, MaxAttempts), ToMilliseconds(retry.Wait));

    /// <summary>A moment that is shorter than the loops' is still one.</summary>
    public static long ToMilliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);

    /// <summary>Whether the backend is of its group; not all of those may be chosen.</summary>
    public bool IsFor(ServiceBackend backend) => Members is null || Members.Contains(backend);

    public ConnectPlan ConnectOf(ServiceBackend backend) =>
        OwnConnects.Count == 0 ? Connect : OwnConnects.GetValueOrDefault(backend, Connect);
}
