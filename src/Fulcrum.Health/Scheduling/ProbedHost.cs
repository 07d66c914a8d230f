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

    /// <summary>Of the check that has waited longest, when it was looked at last.</summary>
    public long Turn { get; set; }

    /// <summary>Checks whose time has come and that found no room, the longest waiting first.</summary>
    public LinkedList<ScheduledCheck> Waiting { get; } = [];
}
