namespace Fulcrum.Model;

/// <summary>How much is measured, and who is told beside those who ask.</summary>
public sealed record MetricsSettings
{
    public static MetricsSettings Default { get; } = new();

    /// <summary>So many series at most; past it the metrics of single backends give way, then those of upstreams and services.</summary>
    public int MaxSeries { get; init; } = 1_000_000;

    /// <summary>Null: nobody is told who does not ask.</summary>
    public OtlpSettings? Otlp { get; init; }
}
