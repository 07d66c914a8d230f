using Fulcrum.Engine.Ports;
using Fulcrum.Proxy.Clients;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// What a generation knows of a service's clients: they pass to the next one as far as it asks the same about them. The
/// tables change, what they are for does not.
/// </summary>
internal sealed class ServiceTables
{
    private readonly Dictionary<(string Listener, string Upstream), ClientMemory> _memories = [];

    private ServiceTables() { }

    /// <summary>Nobody wants to know anything.</summary>
    public static ServiceTables None { get; } = new();

    /// <summary>How much one source may have; null: all of it.</summary>
    public SourceLimits? Sources { get; private init; }

    public static ServiceTables For(PlaneService service, ServiceTables former)
    {
        var sources = SourceLimits.By(service.Client, former.Sources);
        if (sources is null && service.Listeners.All(listener => listener.Destinations.All(one => one.Persist is null)))
        {
            return None;
        }
        var tables = new ServiceTables { Sources = sources };
        foreach (
            var (listener, destination) in service.Listeners.SelectMany(listener =>
                listener.Destinations.Select(destination => (listener, destination))
            )
        )
        {
            var key = KeyOf(service, listener, destination);
            if (destination.Persist is { } policy && !tables._memories.ContainsKey(key))
            {
                tables._memories.Add(key, ClientMemory.By(policy, former._memories.GetValueOrDefault(key)));
            }
        }
        return tables;
    }

    /// <summary>What is remembered of the listener's clients that go there; null: nothing.</summary>
    public ClientMemory? MemoryOf(PlaneService service, PlaneListener listener, PlaneDestination destination) =>
        destination.Persist is null ? null : _memories[KeyOf(service, listener, destination)];

    public KnownClients? CountSources() => Sources is null ? null : ToKnown(Sources.Count());

    public KnownClients? CountRemembered() =>
        _memories.Count == 0
            ? null
            : _memories.Values.Aggregate(default(KnownClients), (sum, memory) => sum + ToKnown(memory.Count()));

    private static KnownClients ToKnown((long Known, long Crowded) counts) => new(counts.Known, counts.Crowded);

    /// <summary>Listeners that belong together have one memory for each upstream.</summary>
    private static (string, string) KeyOf(PlaneService service, PlaneListener listener, PlaneDestination destination) =>
        (service.Together ? "" : listener.Listener.ToString(), destination.Upstream.Name);
}
