namespace Fulcrum.TestKit.Exposition;

/// <summary>All samples of one name, with what the page says about it.</summary>
/// <param name="Type">counter, gauge, histogram.</param>
public sealed record ExpositionFamily(
    string Name,
    string Type,
    string? Unit,
    string? Help,
    IReadOnlyList<ExpositionSample> Samples
)
{
    /// <summary>Every label that any sample has.</summary>
    public IReadOnlyList<string> Labels =>
        [.. Samples.SelectMany(sample => sample.Labels.Keys).Distinct(StringComparer.Ordinal)];
}
