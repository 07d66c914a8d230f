using Fulcrum.Engine.Ports;
using Fulcrum.Model.Discovery;
using Fulcrum.Model.Values;

namespace Fulcrum.TestKit.Fakes;

/// <summary>Prober, resolver and discovery that ask nobody anything.</summary>
public sealed class RecordingSeekers(AdapterJournal journal) : IProber, INameResolver, IDiscovery
{
    public Map<ProbeTask, ProbeTask> Probes { get; private set; } = Map<ProbeTask, ProbeTask>.Empty;

    public Map<string, string> Names { get; private set; } = Map<string, string>.Empty;

    public Map<string, DiscoverySpec> Discoveries { get; private set; } = Map<string, DiscoverySpec>.Empty;

    void IProber.Apply(Map<ProbeTask, ProbeTask> tasks) => Probes = Record("probe", tasks, Probes);

    void INameResolver.Apply(Map<string, string> names) => Names = Record("name", names, Names);

    void IDiscovery.Apply(Map<string, DiscoverySpec> wanted) => Discoveries = Record("discovery", wanted, Discoveries);

    private Map<TKey, TValue> Record<TKey, TValue>(string kind, Map<TKey, TValue> now, Map<TKey, TValue> before)
        where TKey : notnull
        where TValue : class
    {
        var lines = now.ChangesSince(before)
            .Select(change =>
                $"{kind}: {(change.After is null ? "-" : change.Before is null ? "+" : "~")} {change.Key}"
            );
        foreach (var line in lines.Order(StringComparer.Ordinal))
        {
            journal.Add(line);
        }

        return now;
    }
}
