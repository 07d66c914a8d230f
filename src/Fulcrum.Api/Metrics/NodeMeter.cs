using System.Diagnostics.Metrics;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Reconciling;
using Label = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Fulcrum.Api.Metrics;

/// <summary>Metrics of the node itself: who it is, its engine, its planes, its journal, and of measuring.</summary>
internal sealed class NodeMeter : IDisposable
{
    private static readonly ObjectCondition[] Conditions = Enum.GetValues<ObjectCondition>();

    private readonly Meter _meter;
    private readonly Reconciler _engine;

    public NodeMeter(object? scope, NodeIdentity identity, Reconciler engine, Journal journal, CensusTaker census)
    {
        _engine = engine;
        _meter = new(new MeterOptions("fulcrum.node") { Scope = scope });
        _meter.CreateObservableGauge(
            "fulcrum.build.info",
            () => new Measurement<long>(1, new Label("version", identity.Version), new("node", identity.Node)),
            unit: null,
            "Always 1; its labels say which version runs and what the node is called."
        );
        TellEngine();
        TellPlanes();
        TellJournal(journal);
        _meter.CreateObservableGauge(
            "fulcrum.metrics.series.limit",
            () => census.Current.State.Inputs.Snapshot.Metrics.MaxSeries,
            "{series}",
            "So many series may there be."
        );
        _meter.CreateObservableGauge(
            "fulcrum.metrics.series.left_out",
            () => census.Current.LeftOut.Select(pair => new Measurement<long>(pair.Value, new Label("kind", pair.Key))),
            "{series}",
            "Series that are left out because of the limit, by the kind of object that they tell of."
        );
    }

    public void Dispose() => _meter.Dispose();

    private void TellEngine()
    {
        _meter.CreateObservableGauge(
            "fulcrum.generation",
            () => _engine.State.Generation,
            unit: null,
            "Grows by one with each change of what any plane is told."
        );
        _meter.CreateObservableGauge(
            "fulcrum.overrides",
            () => _engine.State.Inputs.Overrides.Count,
            "{override}",
            "Operators' decisions in force."
        );
        _meter.CreateObservableGauge(
            "fulcrum.change.unconfirmed",
            () => _engine.ConfirmBy is null ? 0 : 1,
            unit: null,
            "1: a change is taken back soon unless somebody confirms it."
        );
        _meter.CreateObservableUpDownCounter(
            "fulcrum.objects",
            Objects,
            "{object}",
            "Objects of the adapters by their condition; those that fail are tried again."
        );
        _meter.CreateObservableUpDownCounter(
            "fulcrum.engine.news",
            () => _engine.Inbox.News,
            "{thing}",
            "Things on which there is news that the engine has not looked at."
        );
        _meter.CreateObservableUpDownCounter(
            "fulcrum.engine.requests",
            () => _engine.Inbox.Requests,
            "{request}",
            "Changes that wait for the engine."
        );
        _meter.CreateObservableUpDownCounter(
            "fulcrum.engine.requests.limit",
            () => _engine.Inbox.MostRequests,
            "{request}",
            "Changes that may wait for the engine."
        );
        _meter.CreateObservableCounter(
            "fulcrum.engine.requests.refused",
            () => _engine.Inbox.Refused,
            "{request}",
            "Changes that were not taken because too many waited."
        );
    }

    private void TellPlanes()
    {
        _meter.CreateObservableGauge(
            "fulcrum.plane.generation",
            () =>
                _engine.Planes.SelectMany(plane =>
                    new[]
                    {
                        new Measurement<long>(
                            plane.Prepared,
                            new Label("plane", Name(plane)),
                            new("phase", "prepared")
                        ),
                        new(plane.Committed, new Label("plane", Name(plane)), new("phase", "committed")),
                    }
                ),
            unit: null,
            "Generation of the table that the plane made ready last, and of the one that it works by."
        );
        _meter.CreateObservableCounter(
            "fulcrum.plane.refusals",
            () =>
                _engine.Planes.Select(plane => new Measurement<long>(plane.Refusals, new Label("plane", Name(plane)))),
            "{table}",
            "Tables that the plane refused."
        );
        _meter.CreateObservableCounter(
            "fulcrum.plane.writes",
            () => _engine.Planes.Select(plane => new Measurement<long>(plane.Writes, new Label("plane", Name(plane)))),
            "{change}",
            "Changes that were made in the kernel's tables for the plane; none while they are as they should be."
        );
        _meter.CreateObservableCounter(
            "fulcrum.plane.packets",
            () =>
                _engine.Planes.SelectMany(plane =>
                    plane.Packets.Select(one => new Measurement<long>(
                        one.Count,
                        new Label("plane", Name(plane)),
                        new("outcome", one.Outcome),
                        new("reason", one.Reason)
                    ))
                ),
            "{packet}",
            "Packets that planes xdp and tc saw, by what became of them and why; 'saw' says more of some that are counted as something else."
        );

        static string Name(PlaneStatus plane) => plane.Kind.ToString().ToLowerInvariant();
    }

    private void TellJournal(Journal journal)
    {
        Level("fulcrum.journal.entries.size", status => status.LiveBytes, "By", "What the journal's entries take.");
        Level("fulcrum.journal.file.size", status => status.FileBytes, "By", "What the journal's file takes.");
        Level("fulcrum.journal.waiting", status => status.Waiting, "{batch}", "Batches that wait for the disk.");
        Counter("fulcrum.journal.batches", status => status.Batches, "{batch}", "Batches that became durable.");
        Counter("fulcrum.journal.commits", status => status.Commits, "{commit}", "Flushes that made batches durable.");
        Counter("fulcrum.journal.compactions", status => status.Compactions, "{file}", "New files of the journal.");
        Counter(
            "fulcrum.journal.failures",
            status => status.Failures,
            "{attempt}",
            "Commits and compactions that the disk refused."
        );

        void Level(string name, Func<JournalStatus, long> read, string unit, string help) =>
            _meter.CreateObservableUpDownCounter(name, () => read(journal.Status), unit, help);

        void Counter(string name, Func<JournalStatus, long> read, string unit, string help) =>
            _meter.CreateObservableCounter(name, () => read(journal.Status), unit, help);
    }

    private IEnumerable<Measurement<long>> Objects() =>
        from kind in _engine.Status.GroupBy(status => status.Kind, StringComparer.Ordinal)
        let counts = kind.CountBy(status => status.Condition).ToDictionary()
        from condition in Conditions
        select new Measurement<long>(
            counts.GetValueOrDefault(condition),
            new Label("kind", kind.Key),
            new("condition", condition.ToString().ToLowerInvariant())
        );
}
