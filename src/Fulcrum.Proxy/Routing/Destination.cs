using Fulcrum.Balancing;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Selecting;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Routing;

/// <summary>
/// One upstream that the sessions of a listener may go to, as one loop has it: the plan of the present generation, and
/// this loop's state of the balancer, which outlives generations.
/// </summary>
internal sealed class Destination : ILoad
{
    /// <summary>For the index of a backend that the plan does not have among its candidates, or that was not looked up.</summary>
    private const int Elsewhere = -2;

    private readonly int _loop;
    private BalancerState? _state;
    private readonly Dictionary<string, Destination> _named = new(StringComparer.Ordinal);
    private LoopBackend[] _backends = [];

    public Destination(int loop) => _loop = loop;

    public DestinationPlan Plan { get; private set; } = null!;

    /// <summary>Works by another plan from now on; <paramref name="backends"/> are its candidates on this loop.</summary>
    public void Follow(DestinationPlan plan, LoopBackend[] backends)
    {
        Plan = plan;
        _backends = backends;
        _state = plan.Balancer.CreateState((ulong)_loop, _state);
        foreach (var (key, named) in _named)
        {
            if (plan.ByName?.Find(key) is { } next)
            {
                named.Follow(next);
            }
            else
            {
                _named.Remove(key);
            }
        }
    }

    /// <summary>Where a client goes who asks for this TLS server name, in lower case; null: nowhere.</summary>
    public Destination? For(ReadOnlySpan<char> serverName)
    {
        if (Plan.ByName is not { } plans)
        {
            return this;
        }
        if (plans.Of(serverName) is not { } plan)
        {
            return null;
        }
        if (!_named.TryGetValue(plan.Group!, out var named))
        {
            _named[plan.Group!] = named = new Destination(_loop);
        }
        if (!ReferenceEquals(named.Plan, plan))
        {
            named.Follow(plan);
        }
        return named;
    }

    /// <summary>
    /// Gives the session a backend that is not among those tried: the one that its client had, where clients are
    /// remembered, else the balancer's choice.
    /// </summary>
    /// <param name="now">The loop's time, in microseconds.</param>
    /// <param name="index">The backend's, to be found by <see cref="IndexOf"/> if it is negative.</param>
    public LoopBackend? Assign(
        BackendSession session,
        ulong clientHash,
        long now,
        ReadOnlySpan<int> tried,
        out int index
    )
    {
        if (Plan.Memory is not null)
        {
            return AssignRemembered(session, clientHash, now, tried, out index);
        }
        while (true)
        {
            index = Plan.Balancer.Pick(_state!, new PickRequest(clientHash, this, tried));
            // It had room when it was chosen; another loop may have taken the last place since.
            if (index < 0 || _backends[index].TryAdd(session))
            {
                return index < 0 ? null : _backends[index];
            }
        }
    }

    /// <summary>What the hashing algorithms know a client by.</summary>
    public ulong HashOf(in SocketAddress client) => ClientKey.Of(Plan.Hash, client.ToBits(), client.Port);

    /// <summary>The index by which a backend is known to have been tried.</summary>
    public int IndexOf(LoopBackend backend)
    {
        var index = Array.IndexOf(_backends, backend);
        return index < 0 ? Elsewhere : index;
    }

    /// <summary>
    /// Whether there is anybody to wait for: a backend which could serve and has not been tried, full as it may be.
    /// </summary>
    public bool MayHaveRoomLater(ReadOnlySpan<int> tried)
    {
        for (var index = 0; index < _backends.Length; index++)
        {
            if (_backends[index].Backend is { Duty: BackendDuty.Serve, Weight: > 0 } && !tried.Contains(index))
            {
                return true;
            }
        }
        return false;
    }

    public int ActiveOf(int index) => Plan.Candidates[index].Active;

    // A listener that has gone keeps its last plan, and a later generation may have taken the backend from it.
    public bool HasRoom(int index) => _backends[index].HasRoom;

    private void Follow(DestinationPlan plan) =>
        Follow(plan, Array.ConvertAll(plan.Candidates, candidate => candidate.OnLoops[_loop]!));

    private LoopBackend? AssignRemembered(
        BackendSession session,
        ulong clientHash,
        long now,
        ReadOnlySpan<int> tried,
        out int index
    )
    {
        var seen = session.Memory.Recall(Plan.Memory!, session.Client, Plan.MemoryGroup, now);
        while (true)
        {
            if (seen is not null && Admit(session, seen, tried) is { } known)
            {
                index = Elsewhere;
                return known;
            }
            index = Plan.Balancer.Pick(_state!, new PickRequest(clientHash, this, tried));
            if (index < 0)
            {
                return null;
            }
            // Another connection of the client may just be choosing on another loop.
            var chosen = Plan.Candidates[index];
            var settled = session.Memory.Settle(seen, chosen);
            if (ReferenceEquals(settled, chosen) && _backends[index].TryAdd(session))
            {
                return _backends[index];
            }
            seen = settled;
        }
    }

    private LoopBackend? Admit(BackendSession session, ServiceBackend known, ReadOnlySpan<int> tried)
    {
        var isFresh = known.OnLoops[_loop] is { AdmitsRemembered: true } && Plan.IsFor(known);
        foreach (var index in tried)
        {
            // What a datagram session has tried may be of an earlier plan.
            isFresh &=
                index != Elsewhere
                && !(index < Plan.Candidates.Length && ReferenceEquals(Plan.Candidates[index], known));
        }
        return isFresh && known.OnLoops[_loop]!.TryAdd(session) ? known.OnLoops[_loop] : null;
    }
}
