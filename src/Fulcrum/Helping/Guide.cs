namespace Fulcrum.Helping;

/// <summary>What a command is for and how it is typed.</summary>
/// <param name="Purpose">What people want who look for it: one of <see cref="GuideTable.Purposes"/>.</param>
/// <param name="Examples">Whole lines; a test parses each.</param>
internal sealed record Guide(string Purpose, params Example[] Examples);

/// <param name="Line">What is typed.</param>
/// <param name="About">What it does, where the line does not say it; a few words.</param>
internal sealed record Example(string Line, string About = "")
{
    public static implicit operator Example(string line) => new(line);
}
