using System.Text.Json.Nodes;
using Fulcrum.Api.Status;
using Fulcrum.Getting;
using Fulcrum.Output;

namespace Fulcrum.Top;

/// <summary>What <c>fulcrum top</c> knows: the last samples of one kind of objects, and what they come to. Owned by one task.</summary>
internal sealed class TopModel(bool isOfBackends)
{
    /// <summary>Points of a trend: a minute, where the node is asked every second.</summary>
    private const int Points = 60;

    private readonly Dictionary<string, Queue<double?>> _trends = new(StringComparer.Ordinal);
    private Sample? _last;

    public bool IsOfBackends => isOfBackends;

    public ObjectKind Kind => isOfBackends ? BackendKind.Kind : ServiceKind.Kind;

    public IReadOnlyList<TopRow> Rows { get; private set; } = [];

    /// <summary>Seconds between the last two samples; null: there is but one.</summary>
    public double? Interval { get; private set; }

    /// <param name="at">On a clock that never jumps, in seconds.</param>
    public void Add(IReadOnlyList<JsonNode> items, double at)
    {
        var rows = items.Select(item => isOfBackends ? OfBackend(item) : OfService(item)).ToList();
        var sample = new Sample(at, rows.ToDictionary(row => row.Name, row => row.Counts, StringComparer.Ordinal));
        var rates = _last is { } before ? Rates.Between(before, sample) : new Dictionary<string, Rates>();
        Interval = at - _last?.At;
        _last = sample;
        Forget(sample);
        Rows =
        [
            .. rows.Select(row =>
            {
                Rates? rate = rates.TryGetValue(row.Name, out var known) ? known : null;
                return row with { Rates = rate, Trend = Trend(row.Name, rate?.Sessions) };
            }),
        ];
    }

    public IEnumerable<TopRow> Sorted(TopSort sort, bool isReversed)
    {
        Func<TopRow, double> key = sort switch
        {
            TopSort.Active => row => row.Counts.Active,
            TopSort.Sessions => row => row.Rates?.Sessions ?? -1,
            TopSort.In => row => row.Rates?.BytesIn ?? -1,
            TopSort.Out => row => row.Rates?.BytesOut ?? -1,
            _ => _ => 0,
        };
        // The name decides where nothing else does: rows do not change places without a reason.
        var rows = Rows.OrderByDescending(key).ThenBy(row => row.Name, StringComparer.Ordinal);
        return isReversed ? rows.Reverse() : rows;
    }

    /// <summary>One sample for programs, on one line.</summary>
    public JsonObject ToJson(DateTimeOffset at) =>
        new()
        {
            ["at"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["interval-seconds"] = Interval is { } seconds ? Math.Round(seconds, 3) : null,
            [Kind.Many] = new JsonArray([.. Rows.Select(ToJson)]),
        };

    private static JsonObject ToJson(TopRow row) =>
        new()
        {
            ["name"] = row.Name,
            ["health"] = row.Health,
            ["active"] = row.Counts.Active,
            ["sessions-per-second"] = Rounded(row.Rates?.Sessions),
            ["bytes-in-per-second"] = Rounded(row.Rates?.BytesIn),
            ["bytes-out-per-second"] = Rounded(row.Rates?.BytesOut),
        };

    private static double? Rounded(double? rate) => rate is { } known ? Math.Round(known, 3) : null;

    private Queue<double?> Trend(string name, double? sessions)
    {
        if (!_trends.TryGetValue(name, out var trend))
        {
            _trends[name] = trend = new(Points);
        }

        if (trend.Count == Points)
        {
            trend.Dequeue();
        }

        // Before the first rate there is nothing, and not a gap.
        if (trend.Count > 0 || sessions is not null)
        {
            trend.Enqueue(sessions);
        }

        return trend;
    }

    private void Forget(Sample sample)
    {
        foreach (var name in _trends.Keys.Where(name => !sample.Counts.ContainsKey(name)).ToList())
        {
            _trends.Remove(name);
        }
    }

    private static TopRow OfService(JsonNode item)
    {
        var service = NodeJson.Read(item, NodeJson.Lenient.ServiceDocument);
        var serving = Tones.Share(service.Backends.Serving, service.Backends.Total);
        return new(service.Name, service.Leaving ? "leaving" : service.Health, serving, Of(service.Counters), null, []);
    }

    private static TopRow OfBackend(JsonNode item)
    {
        var backend = NodeJson.Read(item, NodeJson.Lenient.BackendDocument);
        var health = backend.Duty == "drain" ? "drain" : backend.Health;
        return new(backend.Name, health, null, Of(backend.Counters), null, []);
    }

    private static Counts Of(CountersStatus counters) =>
        new(counters.Active, counters.Total, counters.BytesIn, counters.BytesOut);
}
