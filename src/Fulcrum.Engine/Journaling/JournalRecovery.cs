using System.Globalization;
using System.Text;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Journaling;

/// <summary>The end of a file that was no whole commit and was cut off: one that was never acknowledged, as a rule.</summary>
public sealed record JournalCut(string File, long At, long Bytes);

/// <summary>What opening the journal found and did.</summary>
public sealed record JournalRecovery
{
    /// <summary>The file whose snapshot was the start; null when there was none.</summary>
    public string? Base { get; init; }

    /// <summary>Commits that came on top of the snapshot.</summary>
    public int Commits { get; init; }

    /// <summary>Keys that have a value.</summary>
    public int Entries { get; init; }

    public JournalCut? Cut { get; init; }

    /// <summary>Damaged files by the names under which they are kept now.</summary>
    public Items<string> SetAside { get; init; }

    /// <summary>An error: something that was durable once may be missing. A warning: nothing is, but look at the disk.</summary>
    public Items<Problem> Problems { get; init; }

    /// <summary>One line for the log.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Entries} entries from {Base ?? "no snapshot"} and {Commits} commits after it"
        );
        if (Cut is { } cut)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"; cut off {cut.Bytes} bytes of an unfinished commit at {cut.File}:{cut.At}"
            );
        }

        foreach (var name in SetAside)
        {
            text.Append("; kept ").Append(name);
        }

        foreach (var problem in Problems)
        {
            text.Append("; ").Append(problem);
        }

        return text.ToString();
    }
}
