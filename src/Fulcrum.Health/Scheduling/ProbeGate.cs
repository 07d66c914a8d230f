using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Loops;
using Fulcrum.Model.Checks;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// Bounds how many probes are under way, for each host and in all. Who finds no room waits in the line of its host; of
/// the hosts that have room, the one whose first has waited longest goes next. So a host that is full holds up no other.
/// </summary>
internal sealed class ProbeGate(ProberOptions options, Reactor reactor)
{
    private readonly Dictionary<IPAddress, ProbedHost> _hosts = [];
    private readonly ProbedHost _programs = new(null, options.MaxPrograms);

    // Hosts with room and with somebody in line.
    private readonly SortedSet<ProbedHost> _next = new(
        Comparer<ProbedHost>.Create((one, other) => one.Turn.CompareTo(other.Turn))
    );

    public int Running { get; private set; }

    public int Queued { get; private set; }

    /// <summary>How many may be under way.</summary>
    public int Limit => options.MaxProbes;

    /// <summary>How many ever had to wait.</summary>
    public long EverQueued { get; private set; }

    /// <summary>Whom a new check asks: its host, or a program whatever its host.</summary>
    public ProbedHost Join(ProbeTask task)
    {
        var host = _programs;
        if (task.Probe is not ExecProbe && !_hosts.TryGetValue(task.Address, out host))
        {
            _hosts.Add(task.Address, host = new(task.Address, options.MaxPerHost));
        }

        host.Checks++;
        return host;
    }

    /// <summary>One of its checks has ended.</summary>
    public void Part(ProbedHost host)
    {
        host.Checks--;
        if (host is { Address: { } address, Checks: 0 })
        {
            _hosts.Remove(address);
        }
    }

    /// <summary>True: it may begin. False: it gets a turn when it may.</summary>
    public bool TryEnter(ScheduledCheck check)
    {
        var host = check.Host;
        if (host.HasRoom && Running < options.MaxProbes)
        {
            host.Running++;
            Running++;
            return true;
        }

        Queued++;
        check.Ticket = ++EverQueued;
        check.Place = host.Waiting.AddLast(check);
        Place(host);
        return false;
    }

    /// <summary>A probe is over.</summary>
    public void Leave(ProbedHost host)
    {
        host.Running--;
        Running--;
        Place(host);
        while (Running < options.MaxProbes && _next.Min is { } next)
        {
            Admit(next);
        }
    }

    /// <summary>It does not wait any more.</summary>
    public void GiveUp(ScheduledCheck check)
    {
        Forget(check);
        Place(check.Host);
    }

    private void Admit(ProbedHost host)
    {
        var check = host.Waiting.First!.Value;
        Forget(check);
        host.Running++;
        Running++;
        Place(host);
        // Not at once: what fails at once would call us from within.
        reactor.MakeReady(check);
    }

    private void Forget(ScheduledCheck check)
    {
        check.Host.Waiting.Remove(check.Place!);
        check.Place = null;
        Queued--;
    }

    // Anew, after its line or its room has changed; while it is among them its turn must not change.
    private void Place(ProbedHost host)
    {
        _next.Remove(host);
        if (host is { HasRoom: true, Waiting.First.Value: { } first })
        {
            host.Turn = first.Ticket;
            _next.Add(host);
        }
    }
}
