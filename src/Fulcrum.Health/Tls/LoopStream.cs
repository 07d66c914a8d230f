using System.Threading.Tasks.Sources;

namespace Fulcrum.Health.Tls;

/// <summary>
/// The end of a connection that is given to code which wants a <see cref="Stream"/>, where the other end is no socket
/// but a loop: it feeds what came and fetches what is to go. A read that waits is completed by <see cref="Feed"/> or
/// <see cref="End"/>, and what follows it runs at once on the same thread, before they return. Owned by one loop.
/// </summary>
internal sealed class LoopStream : Stream, IValueTaskSource<int>
{
    private readonly ByteQueue _input = new();
    private readonly ByteQueue _output = new();
    private ManualResetValueTaskSourceCore<int> _read;
    private Memory<byte> _wanted;
    private bool _waiting;
    private bool _ended;

    /// <summary>What was fed and not read.</summary>
    public int Unread => _input.Count;

    public ReadOnlySpan<byte> Output => _output.Bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void AdvanceOutput(int count) => _output.Advance(count);

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        // A waiting read means that nothing is queued. What runs after it may read again, so this is a loop.
        while (_waiting && !bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, _wanted.Length);
            bytes[..count].CopyTo(_wanted.Span);
            bytes = bytes[count..];
            Complete(count);
        }

        _input.Append(bytes);
    }

    /// <summary>Nothing will come any more: once the queue is empty, reads give 0.</summary>
    public void End()
    {
        _ended = true;
        if (_waiting)
        {
            Complete(0);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _input.Count > 0 || _ended)
        {
            var count = Math.Min(buffer.Length, _input.Count);
            _input.Bytes[..count].CopyTo(buffer.Span);
            _input.Advance(count);
            return new(count);
        }

        if (_waiting)
        {
            throw new InvalidOperationException("one read at a time");
        }

        _wanted = buffer;
        _waiting = true;
        return new(this, _read.Version);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _output.Append(buffer.Span);
        return default;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => _output.Append(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="NotSupportedException">Always: a loop does not block.</exception>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token)
    {
        var count = _read.GetResult(token);
        _read.Reset();
        return count;
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _read.OnCompleted(continuation, state, token, flags);

    private void Complete(int count)
    {
        _waiting = false;
        _wanted = default;
        _read.SetResult(count);
    }
}
