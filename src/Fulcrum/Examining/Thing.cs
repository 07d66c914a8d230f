namespace Fulcrum.Examining;

/// <summary>Something that was looked at.</summary>
/// <param name="Name">What it is.</param>
/// <param name="State">How it was found.</param>
/// <param name="NeededBy">Objects of the file, or kinds of them where no file was given.</param>
/// <param name="Found">The same in words.</param>
/// <param name="Mend">What to do; null: nothing.</param>
internal sealed record Thing(
    string Name,
    ThingState State,
    IReadOnlyList<string> NeededBy,
    string Found,
    string? Mend = null
);
