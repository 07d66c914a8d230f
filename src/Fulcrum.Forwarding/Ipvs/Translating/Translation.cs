using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Draining;
using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Model.Problems;

namespace Fulcrum.Forwarding.Ipvs.Translating;

/// <summary>A whole table in the kernel's words. Services that did not change are those of the translation before.</summary>
internal sealed class Translation
{
    public static Translation Empty { get; } = new(PlaneTable.Empty, null, new DrainClock(), DateTimeOffset.MinValue);

    private readonly Dictionary<string, TranslatedService> _byName = new(StringComparer.Ordinal);

    /// <param name="before">Whose services are taken over where nothing changed.</param>
    public Translation(PlaneTable table, Translation? before, DrainClock drains, DateTimeOffset now)
    {
        Table = table;
        TemplatesExpire = !table.Services.Values.Any(AdmitsRemembered);
        var problems = new List<Problem>();
        foreach (var (name, service) in table.Services)
        {
            var known = before?.TemplatesExpire == TemplatesExpire ? before._byName.GetValueOrDefault(name) : null;
            var translated =
                known is not null && ReferenceEquals(known.Source, service) && !(known.WakeAt <= now)
                    ? known
                    : new Translator(service, TemplatesExpire, drains, now).Translate();
            _byName[name] = translated;
            problems.AddRange(translated.Problems);
            WakeAt = translated.WakeAt < WakeAt ? translated.WakeAt : WakeAt ?? translated.WakeAt;
            foreach (var one in translated.Services)
            {
                // Who comes first keeps it: what belongs to several is a probe's, or was refused before.
                Services.TryAdd(one.Key, one);
            }
        }

        drains.Keep(
            table
                .Services.Values.SelectMany(service => Draining(service).Select(backend => (service.Name, backend.Id)))
                .ToHashSet()
        );
        Problems = problems;
    }

    public PlaneTable Table { get; }

    public Dictionary<IpvsServiceKey, KernelService> Services { get; } = [];

    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>
    /// Clients that are remembered for a server without weight are given another. The kernel knows one answer for all of
    /// its services; while some backend drains whose clients may still come, it is no, and servers that rest lose their
    /// places in services that remember.
    /// </summary>
    public bool TemplatesExpire { get; }

    public DateTimeOffset? WakeAt { get; }

    /// <summary>How long connections of a service go on when it goes.</summary>
    public TimeSpan DeadlineOf(string service) =>
        _byName.TryGetValue(service, out var known) ? known.Source.Sessions.Drain.Deadline : TimeSpan.Zero;

    private static bool AdmitsRemembered(PlaneService service) =>
        service.Listeners.Any(listener =>
            listener.Destinations[0].Persist is not null
            && listener.Upstream.Backends.Any(backend => backend is { Duty: BackendDuty.Drain, AdmitsRemembered: true })
        );

    private static IEnumerable<PlaneBackend> Draining(PlaneService service) =>
        service
            .Listeners.SelectMany(listener => listener.Upstream.Backends)
            .Where(backend => backend is { Duty: BackendDuty.Drain, DrainUntil: null });
}
