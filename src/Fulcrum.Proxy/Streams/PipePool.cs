namespace Fulcrum.Proxy.Streams;

/// <summary>
/// The pipes of one loop. They are opened as sessions need them and kept; past the bound, and where the system has no
/// more of them, data goes by way of user space as before.
/// </summary>
internal sealed class PipePool<TIo>(TIo io, int most)
    where TIo : struct, ISocketIo
{
    private readonly Stack<SplicePipe> _free = new();
    private int _open;

    public int InUse => _open - _free.Count;

    /// <summary>An empty pipe; null: there is none to be had.</summary>
    public SplicePipe? TryRent()
    {
        if (_free.TryPop(out var pipe))
        {
            return pipe;
        }
        if (_open == most || io.OpenPipe() is not { } opened)
        {
            return null;
        }
        _open++;
        return opened;
    }

    /// <summary>Takes it back; one that still holds something is closed, for that is nobody else's.</summary>
    public void Return(SplicePipe pipe)
    {
        if (pipe.Filled == 0)
        {
            _free.Push(pipe);
            return;
        }
        _open--;
        io.ClosePipe(pipe);
    }

    public void CloseAll()
    {
        while (_free.TryPop(out var pipe))
        {
            _open--;
            io.ClosePipe(pipe);
        }
    }
}
