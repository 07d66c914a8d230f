namespace Fulcrum.Api.Lists;

/// <summary>A part of a list, in the order of names.</summary>
public sealed record ListDocument<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>What to ask for as <c>after</c> to go on; left out: this is the end.</summary>
    public string? Next { get; init; }

    /// <summary>How many come after these.</summary>
    public required int More { get; init; }
}
