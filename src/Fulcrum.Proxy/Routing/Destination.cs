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
    private readonly int _loop;
    private BalancerState? _state;
    private LoopBackend[] _backends = [];

    public Destination(int loop) => _loop = loop;

    public DestinationPlan Plan { get; private set; } = null!;

    /// <summary>Works by another plan from now on; <paramref name="backends"/> are its candidates on this loop.</summary>
    public void Follow(DestinationPlan plan, LoopBackend[] backends)
    {
        Plan = plan;
        _backends = backends;
        _state = plan.Balancer.CreateState((ulong)_loop, _state);
    }

    /// <summary>
    /// Gives the session a backend that is not among those tried; its index goes into <paramref name="index"/>.
    /// </summary>
    public LoopBackend? Assign(BackendSession session, ulong clientHash, ReadOnlySpan<int> tried, out int index)
    {
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

    public int ActiveOf(int index) => Plan.Candidates[index].Active;

    public bool HasRoom(int index) =>
        // A listener that has gone keeps its last plan, and a later generation may have taken the backend from it.
        _backends[index].Backend
            is { Duty: BackendDuty.Serve } backend
        && (backend.MaxConnections is not { } limit || Plan.Candidates[index].Active < limit);
}
