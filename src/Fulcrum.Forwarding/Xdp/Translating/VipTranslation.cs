using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Draining;
using Fulcrum.Model.Problems;

namespace Fulcrum.Forwarding.Xdp.Translating;

/// <summary>A whole table in the program's words. Services that did not change are those of the translation before.</summary>
internal sealed class VipTranslation
{
    public static VipTranslation Empty { get; } = new(PlaneTable.Empty, null, new(), DateTimeOffset.MinValue);

    private readonly Dictionary<string, TranslatedVips> _byName = new(StringComparer.Ordinal);

    /// <param name="before">Whose services are taken over where nothing changed.</param>
    public VipTranslation(PlaneTable table, VipTranslation? before, DrainClock drains, DateTimeOffset now)
    {
        Table = table;
        var (vips, problems) = (new List<WantedVip>(), new List<Problem>());
        foreach (var (name, service) in table.Services)
        {
            var known = before?._byName.GetValueOrDefault(name);
            var translated =
                known is not null && ReferenceEquals(known.Source, service) && !(known.WakeAt <= now)
                    ? known
                    : new VipTranslator(service, drains, now).Translate();
            _byName[name] = translated;
            vips.AddRange(translated.Vips);
            problems.AddRange(translated.Problems);
            WakeAt = translated.WakeAt < WakeAt ? translated.WakeAt : WakeAt ?? translated.WakeAt;
        }

        drains.Keep(
            table
                .Services.Values.SelectMany(service =>
                    service
                        .Listeners.SelectMany(listener => listener.Upstream.Backends)
                        .Where(backend => backend is { Duty: BackendDuty.Drain, DrainUntil: null })
                        .Select(backend => (service.Name, backend.Id))
                )
                .ToHashSet()
        );
        (Vips, Problems) = (vips, problems);
    }

    public PlaneTable Table { get; }

    public IReadOnlyList<WantedVip> Vips { get; }

    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>Something ends then by itself.</summary>
    public DateTimeOffset? WakeAt { get; }

    /// <summary>How long connections of a service go on when it goes.</summary>
    public TimeSpan DeadlineOf(string service) =>
        _byName.TryGetValue(service, out var known) ? known.Source.Sessions.Drain.Deadline : TimeSpan.Zero;
}
