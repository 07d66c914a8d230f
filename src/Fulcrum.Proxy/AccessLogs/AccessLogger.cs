using System.Buffers;
using System.Globalization;
using System.Text;
using Fulcrum.Loops;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.AccessLogs;

/// <summary>
/// Takes records out of the loops' rings ten times a second, and writes them. The one task that waits for a disk: while
/// it does, rings fill, and what finds no room there is dropped and counted. It begins with the first service that has an
/// access log.
/// </summary>
internal sealed class AccessLogger : IAsyncDisposable
{
    private const int MostFiles = 256;
    private const int EnoughAtOnce = 1 << 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly AccessRing[] _rings;
    private readonly StageLog _stages;
    private readonly Stream _standardError;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, AccessFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ArrayBufferWriter<byte> Text, int Lines)> _pending = new(
        StringComparer.Ordinal
    );
    private readonly Lock _starting = new();
    private Task? _work;
    private bool _isReopening;
    private bool _isFailing;
    private long _lastLook;
    private long _lines;
    private long _failed;

    /// <param name="standardError">For the logs that go there.</param>
    /// <param name="stages">Lines of stages, which go the same way.</param>
    public AccessLogger(AccessRing[] rings, StageLog stages, Stream standardError, TimeProvider time)
    {
        (_rings, _stages, _standardError, _time) = (rings, stages, standardError, time);
        _lastLook = time.GetTimestamp();
    }

    /// <summary>Told what is wrong with a file, once until it works again.</summary>
    public Action<string>? Problem { get; set; }

    /// <summary>Lines that were written.</summary>
    public long Lines => Volatile.Read(ref _lines);

    /// <summary>Lines that could not be written.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Records that the loops found no room for.</summary>
    public long Dropped => _rings.Sum(ring => ring.Dropped) + _stages.Dropped;

    /// <summary>From now on, if not before.</summary>
    public void Start()
    {
        lock (_starting)
        {
            _work ??= RunAsync();
        }
    }

    /// <summary>Opens every file anew before it is written to.</summary>
    public void Reopen() => Volatile.Write(ref _isReopening, true);

    /// <summary>After the loops: writes what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_work is { } work)
        {
            await work;
        }
        CloseFiles();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Pause, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Drain();
            }
        }
        catch (OperationCanceledException)
        {
            Drain();
        }
    }

    private void Drain()
    {
        if (Volatile.Read(ref _isReopening))
        {
            Volatile.Write(ref _isReopening, false);
            CloseFiles();
        }
        else if (_time.GetElapsedTime(_lastLook) >= LookEvery)
        {
            _lastLook = _time.GetTimestamp();
            foreach (var file in _files.Values)
            {
                file.Check();
            }
        }
        var now = _time.GetUtcNow();
        var loops = EventLoop.ToMicroseconds(_time, _time.GetTimestamp());
        foreach (var ring in _rings)
        {
            while (ring.TryTake(out var record))
            {
                Keep(record, now.AddMicroseconds(record.Ended - loops));
            }
        }
        while (_stages.TryTake(out var file, out var ended, out var line))
        {
            Keep(file ?? "", now.AddMicroseconds(ended - loops), line);
        }
        foreach (var path in _pending.Keys.ToList())
        {
            Write(path);
        }
        _pending.Clear();
    }

    private void Keep(in AccessRecord record, DateTimeOffset at)
    {
        var path = record.Plan.Log!.File ?? "";
        AccessText.Write(TextOf(path), record, at);
        Count(path);
    }

    private void Keep(string path, DateTimeOffset at, byte[] line)
    {
        var text = TextOf(path);
        Encoding.UTF8.GetBytes(at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z '", CultureInfo.InvariantCulture), text);
        text.Write(line);
        Count(path);
    }

    private ArrayBufferWriter<byte> TextOf(string path)
    {
        if (!_pending.TryGetValue(path, out var pending))
        {
            _pending[path] = pending = (new(), 0);
        }
        return pending.Text;
    }

    private void Count(string path)
    {
        var (text, lines) = _pending[path];
        _pending[path] = (text, lines + 1);
        if (text.WrittenCount > EnoughAtOnce)
        {
            Write(path);
        }
    }

    private void Write(string path)
    {
        var (text, lines) = _pending[path];
        if (lines == 0)
        {
            return;
        }
        try
        {
            if (path.Length == 0)
            {
                _standardError.Write(text.WrittenSpan);
                _standardError.Flush();
            }
            else
            {
                FileOf(path).Write(text.WrittenSpan);
            }
            Volatile.Write(ref _lines, _lines + lines);
            _isFailing = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Volatile.Write(ref _failed, _failed + lines);
            if (!_isFailing)
            {
                _isFailing = true;
                Problem?.Invoke($"the access log {path} cannot be written, and its lines are lost: {error.Message}");
            }
        }
        text.ResetWrittenCount();
        _pending[path] = (text, 0);
    }

    private AccessFile FileOf(string path)
    {
        if (_files.TryGetValue(path, out var file))
        {
            return file;
        }
        if (_files.Count == MostFiles)
        {
            CloseFiles();
        }
        return _files[path] = new(path);
    }

    private void CloseFiles()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
        _files.Clear();
    }
}
