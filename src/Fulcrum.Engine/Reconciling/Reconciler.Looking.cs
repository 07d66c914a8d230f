using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Events;
using Fulcrum.Model;
using Fulcrum.Model.Events;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

/// <summary>
/// Certificates: their planes read the files and renew them without being told, so that the engine looks now and then
/// what they show, and at once after a change that they follow from. Where nobody speaks TLS it does not.
/// </summary>
public sealed partial class Reconciler
{
    private const int MostCertificateLines = 100;

    /// <summary>A look costs what an observation costs, and nothing waits for it but people.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private DateTimeOffset? _lookAt;

    private static bool IsOtherTls(Snapshot before, Snapshot after) =>
        after.Services.ChangesSince(before.Services).Any(change => change.Before?.Tls != change.After?.Tls)
        || before.Defaults.Connect?.Tls != after.Defaults.Connect?.Tls
        || after
            .Upstreams.ChangesSince(before.Upstreams)
            .Any(change => ShowsOwn(change.Before) || ShowsOwn(change.After));

    // To backends that ask.
    private static bool ShowsOwn(Upstream? upstream) =>
        upstream is not null
        && (
            upstream.Connect?.Tls?.Certificate is not null
            || upstream.Backends.Any(backend => backend.Connect?.Tls?.Certificate is not null)
        );

    private EngineInputs LookIfDue(EngineInputs inputs) => _lookAt <= _time.GetUtcNow() ? Look(inputs) : inputs;

    private EngineInputs Look(EngineInputs inputs)
    {
        var certificates = Items.From(_planes.SelectMany(plane => plane.Observe().Certificates));
        var isTold = !certificates.IsEmpty || inputs.Snapshot.Services.Any(service => service.Tls is not null);
        _lookAt = isTold ? _time.GetUtcNow() + LookEvery : null;
        return certificates == inputs.Certificates ? inputs : inputs with { Certificates = certificates };
    }

    private void Tell(IReadOnlyCollection<NodeEvent> events)
    {
        Events.Add(events);
        // That a good one is there from the beginning is no news.
        var news = events.Where(one => one.Kind == EventKind.Certificate && (one.IsBad || one.From is not null));
        var lines = news.OrderByDescending(one => one.IsBad).ToList();
        foreach (var one in lines.Take(MostCertificateLines))
        {
            var level = one.IsBad ? LogLevel.Warning : LogLevel.Information;
            LogCertificate(level, one.Subject, one.To ?? "gone", one.Text);
        }

        if (lines.Count > MostCertificateLines)
        {
            LogMoreCertificates(lines.Count - MostCertificateLines);
        }
    }
}
