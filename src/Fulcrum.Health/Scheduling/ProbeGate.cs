using System.Net;
using Fulcrum.Loops;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// Bounds how many probes are under way, for each host and in all. Who finds no room waits its turn; the longest waiting
/// goes first, but a host that is full holds up no other host.
/// </summary>
internal sealed class ProbeGate(ProberOptions options, Reactor reactor)
{
    private readonly Dictionary<IPAddress, ProbedHost> _hosts = [];
    private readonly LinkedList<ScheduledCheck> _waiting = [];

    public int Running { get; private set; }

    public int Queued { get; private set; }

    /// <summary>How many ever had to wait.</summary>
    public long EverQueued { get; private set; }

    /// <summary>The host of a new check.</summary>
    public ProbedHost Join(IPAddress address)
    {
        if (!_hosts.TryGetValue(address, out var host))
        {
            _hosts.Add(address, host = new(address));
        }

        host.Checks++;
        return host;
    }

    /// <summary>One of its checks has ended.</summary>
    public void Part(ProbedHost host)
    {
        host.Checks--;
        if (host.Checks == 0)
        {
            _hosts.Remove(host.Address);
        }
    }

    /// <summary>True: it may begin. False: it gets a turn when it may.</summary>
    public bool TryEnter(ScheduledCheck check)
    {
        var host = check.Host;
        if (host.Running < options.MaxPerHost && Running < options.MaxProbes)
        {
            host.Running++;
            Running++;
            return true;
        }

        Queued++;
        EverQueued++;
        check.Place = (host.Running < options.MaxPerHost ? _waiting : host.Waiting).AddLast(check);
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
        if (check.Host.Running >= options.MaxPerHost)
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
