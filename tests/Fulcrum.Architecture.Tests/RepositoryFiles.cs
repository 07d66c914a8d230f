using System.Xml.Linq;
using Fulcrum.TestKit;

namespace Fulcrum.Architecture.Tests;

/// <summary>The files and projects under the root, without what is built or fetched.</summary>
internal static class RepositoryFiles
{
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        ".git",
        "artifacts",
        "bin",
        "node_modules",
        "obj",
    };

    /// <summary>All C# files below a folder of the root.</summary>
    public static IReadOnlyList<SourceFile> CSharp(string folder) =>
        Below(folder).Where(path => path.EndsWith(".cs", StringComparison.Ordinal)).Select(Read).ToArray();

    /// <summary>All text files of the repository: those without a zero byte.</summary>
    public static IEnumerable<SourceFile> Texts() =>
        Below("").Select(Read).Where(file => !file.Text.Contains('\0', StringComparison.Ordinal));

    public static IReadOnlyList<ProjectFile> Projects(string folder) =>
        Below(folder).Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).Select(ReadProject).ToArray();

    public static SourceFile Read(string path) => new(path, File.ReadAllText(Repository.PathOf(path)));

    private static ProjectFile ReadProject(string path)
    {
        var references = XDocument
            .Load(Repository.PathOf(path))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        return new ProjectFile(path, Path.GetFileNameWithoutExtension(path), references.ToArray());
    }

    private static IEnumerable<string> Below(string folder)
    {
        var pending = new Stack<DirectoryInfo>([new DirectoryInfo(Repository.PathOf(folder))]);
        while (pending.TryPop(out var next))
        {
            if (!next.Exists)
            {
                continue;
            }

            foreach (var child in next.EnumerateDirectories().Where(child => !Skipped.Contains(child.Name)))
            {
                pending.Push(child);
            }

            // In a worktree .git is a file.
            foreach (var file in next.EnumerateFiles().Where(file => file.LinkTarget is null && file.Name != ".git"))
            {
                yield return Path.GetRelativePath(Repository.Root, file.FullName);
            }
        }
    }
}

/// <summary>A project and the names of the projects that it references itself.</summary>
internal sealed record ProjectFile(string Path, string Name, IReadOnlyList<string> References);
