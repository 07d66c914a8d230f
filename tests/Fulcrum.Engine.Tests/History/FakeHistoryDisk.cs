using Fulcrum.Engine.History;

namespace Fulcrum.Engine.Tests.History;

/// <summary>Files in memory; writing can fail at any step, as a full disk or a loss of power makes it.</summary>
internal sealed class FakeHistoryDisk : IHistoryDisk
{
    public SortedDictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>So many writes succeed from now on.</summary>
    public int WritesLeft { get; set; } = int.MaxValue;

    public HashSet<string> Unreadable { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<HistoryFile> List() => [.. Files.Select(file => new HistoryFile(file.Key, file.Value.Length))];

    public string Read(string name) =>
        Files.TryGetValue(name, out var text) && !Unreadable.Contains(name)
            ? text
            : throw new IOException($"no {name}");

    public void Write(string name, string text)
    {
        if (WritesLeft-- <= 0)
        {
            throw new IOException("no space left on device");
        }

        Files[name] = text;
    }

    public void Delete(string name) => Files.Remove(name);
}
