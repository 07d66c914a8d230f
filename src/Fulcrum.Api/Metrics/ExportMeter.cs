using System.Diagnostics.Metrics;
using Label = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Fulcrum.Api.Metrics;

/// <summary>What becomes of metrics and traces that are pushed to a collector.</summary>
public sealed class ExportMeter : IDisposable
{
    private static readonly string[] Signals = ["metrics", "traces"];

    private readonly long[] _served = new long[Signals.Length];
    private readonly long[] _failed = new long[Signals.Length];
    private readonly Meter _meter;

    internal ExportMeter(object scope)
    {
        _meter = new(new MeterOptions("fulcrum.otlp") { Scope = scope });
        _meter.CreateObservableCounter(
            "fulcrum.otlp.exports",
            () =>
                Signals.SelectMany(
                    (signal, at) =>
                        new Measurement<long>[]
                        {
                            new(Volatile.Read(ref _served[at]), new Label("signal", signal), new("result", "served")),
                            new(Volatile.Read(ref _failed[at]), new Label("signal", signal), new("result", "failed")),
                        }
                ),
            "{export}",
            "Pushes to the collector, by what was pushed and how it went."
        );
    }

    public void Count(bool isTraces, bool worked) =>
        Interlocked.Increment(ref (worked ? _served : _failed)[isTraces ? 1 : 0]);

    public void Dispose() => _meter.Dispose();
}
