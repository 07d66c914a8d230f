namespace Fulcrum.Api.Metrics;

/// <summary>How the two instruments of a histogram that was counted elsewhere are named.</summary>
internal static class HistogramName
{
    public const string Bucket = ".bucket";
    public const string Sum = ".sum";

    /// <summary>The label of a bucket's upper bound.</summary>
    public const string Bound = "le";
}
