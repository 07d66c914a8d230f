using System.Text;

namespace Fulcrum.Api.Metrics.Exposition;

/// <summary>What the samples of a histogram begin with, as bytes.</summary>
internal sealed class HistogramLines(string name)
{
    public byte[] Bucket { get; } = Encoding.UTF8.GetBytes($"{name}_bucket");

    public byte[] Count { get; } = Encoding.UTF8.GetBytes($"{name}_count");

    public byte[] Sum { get; } = Encoding.UTF8.GetBytes($"{name}_sum");

    /// <summary>The label of each bucket: <c>le="0.5"</c>.</summary>
    public IReadOnlyList<byte[]> Bounds { get; private set; } = [];

    /// <param name="bounds">As numbers are written; they need no escaping.</param>
    public void Bound(IEnumerable<string> bounds) =>
        Bounds = [.. bounds.Select(bound => Encoding.UTF8.GetBytes($"{HistogramName.Bound}=\"{bound}\""))];
}
