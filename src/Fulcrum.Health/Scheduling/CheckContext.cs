using Fulcrum.Engine.Ports;
using Fulcrum.Health.Watching;
using Fulcrum.Loops;

namespace Fulcrum.Health.Scheduling;

/// <summary>What all checks of a prober share.</summary>
internal sealed record CheckContext(
    EventLoop Loop,
    TimeProvider Time,
    Random Random,
    ProbeGate Gate,
    IHealthListener Listener,
    TransitionLog Transitions,
    CheckCounters Counters
);
