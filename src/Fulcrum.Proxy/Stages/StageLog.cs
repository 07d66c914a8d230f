using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// Lines of stages on their way from the loops to whoever writes them. Bounded: what finds no room is dropped and counted,
/// because no session waits for a disk.
/// </summary>
internal sealed class StageLog
{
    private const long MostBytes = 16 << 20;

    private readonly ConcurrentQueue<(string? File, long At, byte[] Line)> _lines = new();
    private long _bytes;
    private long _dropped;

    public bool HasRoom => Volatile.Read(ref _bytes) < MostBytes;

    /// <summary>Lines that found no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <param name="file">Null: standard error.</param>
    /// <param name="at">The loop's time, in microseconds.</param>
    public void Add(string? file, long at, byte[] line)
    {
        _ = Interlocked.Add(ref _bytes, line.Length);
        _lines.Enqueue((file, at, line));
    }

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    public bool TryTake(out string? file, out long at, [NotNullWhen(true)] out byte[]? line)
    {
        var isThere = _lines.TryDequeue(out var next);
        (file, at, line) = next;
        _ = isThere ? Interlocked.Add(ref _bytes, -line.Length) : 0;
        return isThere;
    }
}
