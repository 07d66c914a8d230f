using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Linux.Processes;

namespace Fulcrum.Api.Metrics;

/// <summary>
/// All that a node tells of itself in numbers. The figures are instruments of .NET, so that <c>/metrics</c> and OTLP tell
/// the same; those of planes and checks are made there, in the same scope.
/// </summary>
public sealed class NodeMetrics : IDisposable
{
    private readonly CensusTaker _census;
    private readonly ObjectMeter _objects;
    private readonly NodeMeter _node;
    private readonly ProcessMeter _process;

    /// <param name="scope">What tells this node's instruments from another's in the process.</param>
    public NodeMetrics(object scope, NodeIdentity identity, Reconciler engine, Journal journal, TimeProvider time)
    {
        Scope = scope;
        _census = new(engine, time);
        _objects = new(scope, _census);
        _node = new(scope, identity, engine, journal, _census);
        _process = new(scope);
        Exports = new(scope);
        Page = new(scope);
        Desk = new(Page, _census, scope, time);
    }

    public ExportMeter Exports { get; }

    internal object Scope { get; }

    internal MetricsPage Page { get; }

    internal ScrapeDesk Desk { get; }

    /// <summary>Until it is disposed, in this flow, instruments that are asked tell of one moment.</summary>
    public IDisposable BeginRound() => _census.Begin();

    /// <summary>So many series an instrument of objects has now, for those who must reserve room; 0: few.</summary>
    public int SeriesOf(string instrument)
    {
        var census = _census.Current;
        var words = instrument.Split('.');
        var rows =
            words is not ["fulcrum", var kind, ..] ? 0
            : kind is "service" or "tls" ? census.Services.Count
            : kind == "backend" ? census.Backends.Count
            : kind == "upstream" ? census.Upstreams.Count
            : kind == "certificate" ? census.Certificates.Count
            : kind == "vip" ? census.Vips.Count
            : 0;
        return rows
            * words[^1] switch
            {
                "bucket" => 7,
                "handshake_failures" => 10,
                "dropped" => 5,
                "refused" => 3,
                "traffic" or "handshakes" => 2,
                _ => 1,
            };
    }

    public void Dispose()
    {
        Desk.Dispose();
        Page.Dispose();
        Exports.Dispose();
        _process.Dispose();
        _node.Dispose();
        _objects.Dispose();
    }
}
