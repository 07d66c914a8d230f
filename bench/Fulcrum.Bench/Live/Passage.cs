namespace Fulcrum.Bench.Live;

/// <summary>How many frames went a way.</summary>
/// <param name="Time">Of the processor for each, in nanoseconds.</param>
/// <param name="Delivered">The share that came out as it should.</param>
internal readonly record struct Passage(double Time, double Delivered);
