using System.Net;

namespace Fulcrum.Health.Scheduling;

/// <summary>One address that checks ask.</summary>
internal sealed class ProbedHost(IPAddress address)
{
    public IPAddress Address => address;

    public int Checks { get; set; }

    /// <summary>Probes under way.</summary>
    public int Running { get; set; }

    /// <summary>Checks whose time has come while it was full.</summary>
    public LinkedList<ScheduledCheck> Waiting { get; } = [];
}
