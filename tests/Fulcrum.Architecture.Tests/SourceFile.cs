namespace Fulcrum.Architecture.Tests;

/// <summary>A text file of the repository; the path is relative to the root, with slashes.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Without what a final line break would add.</summary>
    public int Lines => Text.Length == 0 ? 0 : Text.TrimEnd('\n').Split('\n').Length;
}
