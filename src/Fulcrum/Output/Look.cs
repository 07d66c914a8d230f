namespace Fulcrum.Output;

/// <summary>How text is to be where it goes.</summary>
internal sealed record Look
{
    /// <summary>Columns of the terminal. Null: there is none, and every line is as long as it is.</summary>
    public int? Width { get; init; }

    public bool Colour { get; init; }

    /// <summary>It shows more than ASCII.</summary>
    public bool Unicode { get; init; } = true;

    /// <summary>Columns that few ask for, too.</summary>
    public bool Wide { get; init; }

    /// <summary>What ages count from.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>What stands for what was left out.</summary>
    public string Ellipsis => Unicode ? "…" : "~";

    /// <summary>From what was to what is.</summary>
    public string Arrow => Unicode ? "→" : "->";

    /// <summary>Between facts of one line.</summary>
    public string Dot => Unicode ? "·" : "-";
}
