namespace Fulcrum.Bench.Statistics;

/// <summary>An estimate, and between which values it lies with the confidence that was asked for.</summary>
internal readonly record struct Interval(double Low, double Estimate, double High);
