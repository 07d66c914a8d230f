using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Api.Access.Audit;

/// <summary>
/// An append-only file of entries, one JSON object a line, for its owner alone. When it is full it becomes
/// <c>audit.log.1</c>, the one that had that name <c>audit.log.2</c>, and so on; the oldest goes. A disk that hangs holds nobody
/// up: then entries wait, and beyond a bound they are left out and counted.
/// </summary>
internal sealed partial class AuditFile : IAsyncDisposable
{
    public const int Files = 5;

    private const int MostWaiting = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Entries that could not be written, and are not yet told of.</summary>
    public long Missing => Interlocked.Read(ref _missing);

    private readonly string _path;
    private readonly long _longest;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Task _work;
    private long _missing;
    private bool _isTold;

    // One reader: what it writes has an order.
    private readonly Channel<AuditEntry> _waiting = Channel.CreateBounded<AuditEntry>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true }
    );

    public AuditFile(string path, TimeProvider time, ILogger log, long longest = 10 << 20)
    {
        (_path, _time, _log, _longest) = (path, time, log, longest);
        _work = WorkAsync();
    }

    public void Add(AuditEntry entry)
    {
        if (!_waiting.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _missing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAny(_work, Task.Delay(Patience, _time));
    }

    private async Task WorkAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.ForceYielding))
        {
            var written = 0;
            try
            {
                using var file = Open();
                // So many in a row at most: who waits for the file to be full must not wait for silence.
                while (written < MostWaiting && file.Length < _longest && _waiting.Reader.TryRead(out var entry))
                {
                    written++;
                    Write(file, entry);
                }

                _isTold = false;
            }
#pragma warning disable CA1031 // Law 4: whatever a disk makes of one entry is that entry's; the next one comes.
            catch (Exception error)
#pragma warning restore CA1031
            {
                // That one is lost if it was taken; where the file cannot be had at all, all that wait are.
                Interlocked.Add(ref _missing, written > 0 ? 1 : Drop());
                Tell(error.Message);
            }
        }
    }

    private FileStream Open()
    {
        if (new FileInfo(_path) is { Exists: true } full && full.Length >= _longest)
        {
            for (var number = Files - 1; number > 1; number--)
            {
                Move($"{_path}.{number - 1}", $"{_path}.{number}");
            }

            Move(_path, $"{_path}.1");
        }

        return new(
            _path,
            new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
    }

    private static void Move(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Move(from, to, overwrite: true);
        }
    }

    private void Write(FileStream file, AuditEntry entry)
    {
        var missing = Interlocked.Exchange(ref _missing, 0);
        var total = missing + (entry.Missing ?? 0);
        var line = JsonSerializer.SerializeToUtf8Bytes(
            total > 0 ? entry with { Missing = total } : entry,
            AuditJson.Lines.AuditEntry
        );
        file.Write([.. line, (byte)'\n']);
        file.Flush();
    }

    private int Drop()
    {
        var count = 0;
        while (_waiting.Reader.TryRead(out _))
        {
            count++;
        }

        return count;
    }

    private void Tell(string message)
    {
        if (!_isTold)
        {
            _isTold = true;
            LogNotWritten(message);
        }
    }
}
