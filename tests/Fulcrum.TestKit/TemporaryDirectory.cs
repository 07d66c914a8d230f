namespace Fulcrum.TestKit;

/// <summary>A directory of the test's own that goes with it.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory() => FullName = Directory.CreateTempSubdirectory("fulcrum-test-").FullName;

    public string FullName { get; }

    /// <summary>A path inside; the file need not exist.</summary>
    public string PathOf(string name) => Path.Combine(FullName, name);

    /// <summary>Writes a text file inside and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = PathOf(name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(FullName, recursive: true);
        }
        catch (IOException)
        {
            // A process that was just killed may still have removed or written something; the directory is in /tmp.
        }
    }
}
