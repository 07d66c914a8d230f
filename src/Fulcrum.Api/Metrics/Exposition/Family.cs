using System.Diagnostics.Metrics;
using System.Text;

namespace Fulcrum.Api.Metrics.Exposition;

/// <summary>All that is told under one name.</summary>
internal abstract class Family(Instrument first) : IDisposable
{
    public string Name { get; } = FamilyName.Of(first);

    public string? Help { get; } = first.Description;

    /// <summary>As the format calls it: counter, gauge, histogram.</summary>
    public abstract string Kind { get; }

    /// <summary>The instruments' names, as OTLP tells them.</summary>
    public IReadOnlyList<string> InstrumentNames { get; protected init; } = [first.Name];

    public string? Unit { get; protected init; } = FamilyName.UnitOf(first);

    /// <summary>Nobody tells it any more.</summary>
    public abstract bool IsEmpty { get; }

    public abstract void Add(Instrument instrument);

    public abstract void Remove(Instrument instrument);

    public void Write(ExpositionWriter to, ExpositionFormat format)
    {
        var name = Kind == "counter" && !format.IsOpenMetrics ? $"{Name}_total" : Name;
        if (Help is { Length: > 0 })
        {
            to.Help(name, Help);
        }

        to.Line($"# TYPE {name} {Kind}");
        if (Unit is not null && format.IsOpenMetrics)
        {
            to.Line($"# UNIT {name} {Unit}");
        }

        WriteSamples(to);
    }

    public abstract void Dispose();

    protected abstract void WriteSamples(ExpositionWriter to);

    protected byte[] Suffixed(string suffix) => Encoding.UTF8.GetBytes(Name + suffix);
}
