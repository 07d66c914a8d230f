namespace Fulcrum.Linux.Netlink;

/// <summary>How long the kernel may take for the next datagram of one conversation.</summary>
internal sealed class ReplyBound : IDisposable
{
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _stop;
    private readonly TimeSpan _patience;

    public ReplyBound(TimeProvider time, TimeSpan patience, CancellationToken cancellation)
    {
        _patience = patience;
        _late = new(patience, time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, cancellation);
    }

    public bool IsReached => _late.IsCancellationRequested;

    /// <exception cref="LinuxException">Something was lost on the way.</exception>
    /// <exception cref="OperationCanceledException">It took too long, or nobody wants it any more.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> WaitAsync(INetlinkSocket socket)
    {
        _late.CancelAfter(_patience);
        return await socket.ReceiveAsync(_stop.Token)
            ?? throw new LinuxException(Errno.NoBufferSpace, "receive from the kernel by netlink");
    }

    public void Dispose()
    {
        _stop.Dispose();
        _late.Dispose();
    }
}
