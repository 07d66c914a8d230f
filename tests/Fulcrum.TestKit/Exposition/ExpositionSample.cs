namespace Fulcrum.TestKit.Exposition;

/// <summary>One line of a page of metrics.</summary>
public sealed record ExpositionSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
