namespace Fulcrum.Completing;

/// <summary>What could be typed here.</summary>
/// <param name="Value">The whole word.</param>
/// <param name="About">A few words, for shells that show them.</param>
internal sealed record Candidate(string Value, string About = "")
{
    /// <summary>Not a word: the shell shall complete names of files.</summary>
    public static Candidate Files { get; } = new(":file");

    /// <summary>Not a word: the shell shall complete names of directories.</summary>
    public static Candidate Directories { get; } = new(":dir");

    public override string ToString() => About.Length == 0 ? Value : $"{Value}\t{About}";
}
