namespace Fulcrum.Configuration.Nodes;

/// <summary>How much a text may hold. What is past a bound is refused, not cut.</summary>
internal sealed record NodeLimits
{
    public static NodeLimits Default { get; } = new();

    /// <summary>Bytes of all files of one load together.</summary>
    public long Bytes { get; init; } = 64L << 20;

    /// <summary>Objects and lists within each other.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Objects, lists and scalars of one load, each use of a YAML alias counted in full.</summary>
    public int Nodes { get; init; } = 4_000_000;

    public int Files { get; init; } = 1000;

    /// <summary>Files that include each other.</summary>
    public int IncludeDepth { get; init; } = 16;
}
