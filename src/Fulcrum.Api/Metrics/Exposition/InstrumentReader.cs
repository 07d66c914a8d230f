using System.Diagnostics.Metrics;

namespace Fulcrum.Api.Metrics.Exposition;

/// <summary>Asks one observable instrument. A listener of its own, so that others are not asked with it.</summary>
internal sealed class InstrumentReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private Take<long>? _longs;
    private Take<double>? _doubles;

    public InstrumentReader(Instrument instrument)
    {
        _listener.SetMeasurementEventCallback<long>((_, value, labels, _) => _longs!(labels, value));
        _listener.SetMeasurementEventCallback<int>((_, value, labels, _) => _longs!(labels, value));
        _listener.SetMeasurementEventCallback<double>((_, value, labels, _) => _doubles!(labels, value));
        _listener.EnableMeasurementEvents(instrument);
    }

    public delegate void Take<in T>(ReadOnlySpan<KeyValuePair<string, object?>> labels, T value);

    /// <summary>Called by one at a time.</summary>
    public void Read(Take<long> longs, Take<double> doubles)
    {
        (_longs, _doubles) = (longs, doubles);
        _listener.RecordObservableInstruments();
    }

    public void Dispose() => _listener.Dispose();
}
