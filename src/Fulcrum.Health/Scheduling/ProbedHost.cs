using System.Net;

namespace Fulcrum.Health.Scheduling;

/// <summary>One address that checks ask; or the programs that checks run here.</summary>
/// <param name="limit">Probes under way at once.</param>
internal sealed class ProbedHost(IPAddress? address, int limit)
{
    /// <summary>Null: programs.</summary>
    public IPAddress? Address => address;

    public bool HasRoom => Running < limit;

    public int Checks { get; set; }

    /// <summary>Probes under way.</summary>
    public int Running { get; set; }

    /// <summary>Checks whose time has come while it was full.</summary>
    public LinkedList<ScheduledCheck> Waiting { get; } = [];
}
