namespace Fulcrum.TestKit.Exposition;

/// <summary>A page of metrics, as <see cref="ExpositionParser"/> understood it.</summary>
public sealed record ExpositionPage(IReadOnlyList<ExpositionFamily> Families)
{
    public int Samples => Families.Sum(family => family.Samples.Count);

    public ExpositionFamily this[string name] =>
        Families.FirstOrDefault(family => family.Name == name)
        ?? throw new KeyNotFoundException($"there is no family {name} on the page");

    /// <summary>The value of the one sample of this name that has these labels, perhaps among others.</summary>
    public double Value(string sample, params (string Key, string Value)[] labels) =>
        Find(sample, labels) is [var one]
            ? one.Value
            : throw new KeyNotFoundException($"not one sample {sample} with {string.Join(", ", labels)}");

    public IReadOnlyList<ExpositionSample> Find(string sample, params (string Key, string Value)[] labels) =>
        [
            .. Families
                .SelectMany(family => family.Samples)
                .Where(one =>
                    one.Name == sample && labels.All(label => one.Labels.GetValueOrDefault(label.Key) == label.Value)
                ),
        ];
}
