using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Loops;
using Fulcrum.Model.Checks;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// Bounds how many probes are under way, for each host and in all. Who finds no room waits its turn; the longest waiting
/// goes first, but a host that is full holds up no other host.
/// </summary>
internal sealed class ProbeGate(ProberOptions options, Reactor reactor)
{
    private readonly Dictionary<IPAddress, ProbedHost> _hosts = [];
    private readonly ProbedHost _programs = new(null, options.MaxPrograms);
    private readonly LinkedList<ScheduledCheck> _waiting = [];

    public int Running { get; private set; }

    public int Queued { get; private set; }

    /// <summary>How many ever had to wait.</summary>
    public long EverQueued { get; private set; }

    /// <summary>Whom a new check asks: its host, or a program whatever its host.</summary>
    public ProbedHost Join(ProbeTask task)
    {
        if (task.Probe is ExecProbe)
        {
            return _programs;
        }

        if (!_hosts.TryGetValue(task.Address, out var host))
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
        EverQueued++;
        check.Place = (host.HasRoom ? _waiting : host.Waiting).AddLast(check);
        return false;
    }

    /// <summary>A probe is over.</summary>
    public void Leave(ProbedHost host)
    {
        host.Running--;
        Running--;
        if (host.Waiting.First is { } next)
        {
            // It has waited for its host; now it waits for room in all.
            host.Waiting.RemoveFirst();
            _waiting.AddLast(next);
        }

        while (Running < options.MaxProbes && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            Admit(first);
        }
    }

    /// <summary>It does not wait any more.</summary>
    public void GiveUp(ScheduledCheck check)
    {
        check.Place!.List!.Remove(check.Place);
        check.Place = null;
        Queued--;
    }

    private void Admit(LinkedListNode<ScheduledCheck> place)
    {
        var check = place.Value;
        if (!check.Host.HasRoom)
        {
            check.Host.Waiting.AddLast(place);
            return;
        }

        check.Host.Running++;
        Running++;
        Queued--;
        check.Place = null;
        // Not at once: what fails at once would call us from within.
        reactor.MakeReady(check);
    }
}
