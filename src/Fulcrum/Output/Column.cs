namespace Fulcrum.Output;

/// <summary>A column of a table, and what becomes of it where there is no room for all.</summary>
/// <param name="Title">In capitals.</param>
internal sealed record Column(string Title)
{
    /// <summary>Numbers stand to the right.</summary>
    public bool Right { get; init; }

    /// <summary>The greatest goes first when there is no room; 0 stays.</summary>
    public int Drop { get; init; }

    /// <summary>It may shrink to so many columns, with an ellipsis for the rest. 0: never.</summary>
    public int Least { get; init; }

    /// <summary>What tells names apart is often at their end: the middle is left out.</summary>
    public bool KeepsEnd { get; init; }

    /// <summary>Only where somebody asks for all.</summary>
    public bool Wide { get; init; }

    /// <summary>Where no cell has anything to say, it is left out.</summary>
    public bool Optional { get; init; }
}
