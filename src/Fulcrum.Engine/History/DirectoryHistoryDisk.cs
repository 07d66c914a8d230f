using Fulcrum.Linux;
using Fulcrum.Linux.Files;

namespace Fulcrum.Engine.History;

/// <summary>A real directory, made when the first file is written. What is in it is for the owner's eyes only.</summary>
public sealed class DirectoryHistoryDisk(string path) : IHistoryDisk
{
    public IReadOnlyList<HistoryFile> List() =>
        Guarded<IReadOnlyList<HistoryFile>>(() =>
            Directory.Exists(path)
                ? [.. new DirectoryInfo(path).EnumerateFiles().Select(file => new HistoryFile(file.Name, file.Length))]
                : []
        );

    public string Read(string name) => Guarded(() => File.ReadAllText(PathOf(name)));

    public void Write(string name, string text) =>
        Guarded(() =>
        {
            OwnersFile.Write(PathOf(name), PathOf(name) + SnapshotHistory.Temporary, text);
            return text;
        });

    public void Delete(string name) =>
        Guarded(() =>
        {
            File.Delete(PathOf(name));
            return name;
        });

    private string PathOf(string name) => Path.Join(path, name);

    private static T Guarded<T>(Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or LinuxException)
        {
            throw new IOException(error.Message, error);
        }
    }
}
