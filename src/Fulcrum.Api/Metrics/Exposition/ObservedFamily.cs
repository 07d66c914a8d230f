using System.Diagnostics.Metrics;

namespace Fulcrum.Api.Metrics.Exposition;

/// <summary>Counters and gauges that are asked when the page is written: what they say goes straight onto it.</summary>
internal sealed class ObservedFamily : Family
{
    private readonly List<(Instrument Instrument, InstrumentReader Reader)> _readers = [];
    private readonly byte[] _name;
    private readonly bool _isCounter;

    public ObservedFamily(Instrument first)
        : base(first)
    {
        _isCounter = first.GetType().GetGenericTypeDefinition() == typeof(ObservableCounter<>);
        _name = Suffixed(_isCounter ? "_total" : "");
    }

    public override string Kind => _isCounter ? "counter" : "gauge";

    public override bool IsEmpty => _readers.Count == 0;

    public override void Add(Instrument instrument) => _readers.Add((instrument, new(instrument)));

    public override void Remove(Instrument instrument)
    {
        var at = _readers.FindIndex(one => ReferenceEquals(one.Instrument, instrument));
        if (at >= 0)
        {
            _readers[at].Reader.Dispose();
            _readers.RemoveAt(at);
        }
    }

    public override void Dispose() => _readers.ForEach(one => one.Reader.Dispose());

    protected override void WriteSamples(ExpositionWriter to)
    {
        foreach (var (_, reader) in _readers)
        {
            reader.Read(
                (labels, value) => to.Sample(_name, labels, value),
                (labels, value) => to.Sample(_name, labels, value)
            );
        }
    }
}
