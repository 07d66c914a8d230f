using Fulcrum.Linux.Files;

namespace Fulcrum.Proxy.AccessLogs;

/// <summary>A file that lines are added to, under its name: when another one has it, that one is opened.</summary>
internal sealed class AccessFile : IDisposable
{
    private readonly string _path;
    private FileStream? _stream;
    private FileIdentity? _identity;

    public AccessFile(string path) => _path = path;

    /// <summary>Throws what is wrong with the file; the next call tries again.</summary>
    public void Write(ReadOnlySpan<byte> lines)
    {
        if (_stream is null)
        {
            // Whoever rotates logs moves and reads the file while it is open.
            _stream = new FileStream(
                _path,
                FileMode.Append,
                FileAccess.Write,
                FileShare.ReadWrite | FileShare.Delete,
                1
            );
            _identity = FileIdentity.Of(_path);
        }
        try
        {
            _stream.Write(lines);
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Lets go of a file that has another name by now, or none.</summary>
    public void Check()
    {
        if (_stream is not null && FileIdentity.Of(_path) != _identity)
        {
            Close();
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        var stream = _stream;
        _stream = null;
        try
        {
            stream?.Dispose();
        }
        catch (IOException)
        {
            // A full disk says so a second time.
        }
    }
}
