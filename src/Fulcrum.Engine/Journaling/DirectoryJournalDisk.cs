using Fulcrum.Linux.Files;

namespace Fulcrum.Engine.Journaling;

/// <summary>
/// A real directory, which is the journal's alone. The first operation makes it when it is not there, and takes hold of
/// it: a second process that comes to the same directory gets an error instead of a mixed journal. What is in it is for
/// the owner's eyes only.
/// <para>
/// The file that is appended to stays open, because a failure to write back is reported to those who had the file
/// open when it happened.
/// </para>
/// </summary>
public sealed class DirectoryJournalDisk(string path) : IJournalDisk, IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path = Path.GetFullPath(path);
    private FileStream? _hold;
    private (string Name, FileStream Stream)? _open;

    public Task<IReadOnlyList<string>> ListAsync() =>
        RunAsync<IReadOnlyList<string>>(() =>
            [.. Directory.EnumerateFiles(_path).Select(file => Path.GetFileName(file))]
        );

    public Task<byte[]> ReadAsync(string name) => RunAsync(() => File.ReadAllBytes(PathOf(name)));

    public Task AppendAsync(string name, ReadOnlyMemory<byte> content) =>
        RunAsync(() =>
        {
            var file = Open(name).SafeFileHandle;
            RandomAccess.Write(file, content.Span, RandomAccess.GetLength(file));
        });

    public Task TruncateAsync(string name, long length) =>
        RunAsync(() => RandomAccess.SetLength(Open(name).SafeFileHandle, length));

    public Task FlushAsync(string name) => RunAsync(() => RandomAccess.FlushToDisk(Open(name).SafeFileHandle));

    public Task RenameAsync(string from, string to) =>
        RunAsync(() =>
        {
            Close();
            File.Move(PathOf(from), PathOf(to), overwrite: true);
        });

    public Task DeleteAsync(string name) =>
        RunAsync(() =>
        {
            Close();
            File.Delete(PathOf(name));
        });

    public Task FlushDirectoryAsync() => RunAsync(() => DirectorySync.Flush(_path));

    /// <summary>Lets another process have the directory; the next operation takes hold of it again.</summary>
    public void Release()
    {
        Close();
        _hold?.Dispose();
        _hold = null;
    }

    public void Dispose() => Release();

    // Each of these calls may wait for the disk, and the base library has no others for fsync(2) and directories.
    private Task<T> RunAsync<T>(Func<T> operation) =>
        Task.Run(() =>
        {
            Hold();
            return operation();
        });

    private Task<bool> RunAsync(Action operation) =>
        RunAsync(() =>
        {
            operation();
            return true;
        });

    private void Hold()
    {
        if (_hold is not null)
        {
            return;
        }

        if (!Directory.Exists(_path))
        {
            Directory.CreateDirectory(_path, OwnerFile | UnixFileMode.UserExecute);
            DirectorySync.Flush(Path.GetDirectoryName(_path) ?? _path);
        }

        _hold = new(PathOf("lock"), OptionsFor(FileShare.None));
    }

    private FileStream Open(string name)
    {
        if (_open?.Name != name)
        {
            Close();
            _open = (name, new(PathOf(name), OptionsFor(FileShare.ReadWrite)));
        }

        return _open.Value.Stream;
    }

    private void Close()
    {
        _open?.Stream.Dispose();
        _open = null;
    }

    private static FileStreamOptions OptionsFor(FileShare share) =>
        new()
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = share,
            BufferSize = 0,
            UnixCreateMode = OwnerFile,
        };

    private string PathOf(string name) => Path.Join(_path, name);
}
