namespace Fulcrum.Bench.Traffic;

/// <summary>
/// Clients send a request and get a response once the backend has all of it. A connection is used
/// again and again, or for one exchange: then the backend closes first, so that the ports in TIME_WAIT are those of
/// listeners and the ephemeral ports do not run out; or it has had its exchange and stays.
/// </summary>
internal unsafe class Exchange : StreamLoad
{
    private const int OpenAtOnce = 64;

    private readonly Manner _manner;
    private readonly int _request;
    private readonly int _response;
    private int _opening;

    /// <param name="listener">The backend's.</param>
    /// <param name="manner">What becomes of a connection after its first exchange.</param>
    /// <param name="connections">Clients at once.</param>
    /// <param name="request">Bytes that a client sends.</param>
    /// <param name="response">Bytes that the backend sends then.</param>
    public Exchange(int listener, Manner manner, int connections, int request, int response)
        : base(listener, connections) => (_manner, _request, _response) = (manner, request, response);

    /// <summary>What becomes of a connection after its first exchange.</summary>
    internal enum Manner
    {
        Again,
        Close,
        Stay,
    }

    protected override int ServerEvents => Native.In | Native.Out | Native.EdgeTriggered;

    protected override int ClientEvents => Native.In;

    /// <summary>Opens many connections, lets each have its exchange, and closes them after something was done.</summary>
    /// <returns>How many had to be opened again.</returns>
    /// <exception cref="InvalidOperationException">Not all came to be in time.</exception>
    public long Hold(Address target, int connections, TimeSpan bound, Action meanwhile)
    {
        Begin(target);
        Meter.Begin(() => TimeSpan.Zero);
        var start = Meter.Now;
        var opened = _opening = 0;
        while (opened < connections || _opening > 0)
        {
            for (; opened < connections && _opening < OpenAtOnce; opened++, _opening++)
            {
                Open();
            }

            Turn();
            if (TimeProvider.System.GetElapsedTime(start) > bound)
            {
                throw new InvalidOperationException($"not {connections} connections within {bound.TotalSeconds} s");
            }
        }

        meanwhile();
        var errors = Meter.End(() => TimeSpan.Zero).Errors;
        CloseAll();
        return errors;
    }

    /// <summary>The end of a stream is part of its exchange, so that is read for too.</summary>
    protected bool EndsWithStream => _manner == Manner.Close;

    protected bool IsAnswered(int fd) => this[fd].Received == _response;

    protected override void OnConnected(int fd) => Ask(fd);

    /// <summary>A client sends its request.</summary>
    protected void Ask(int fd)
    {
        if (!EndsWithStream)
        {
            this[fd].Began = Meter.Now;
        }

        this[fd].Received = 0;
        this[fd].Unsent = _request;
        SendRequest(fd);
    }

    /// <summary>What is unsent leaves a client.</summary>
    protected virtual void SendRequest(int fd) => Push(fd);

    protected override void OnClient(int fd, int events)
    {
        if (this[fd].Unsent > 0 && (events & Native.Out) != 0)
        {
            Push(fd);
        }

        // Edge triggered: a short read has taken all there is, except for the end of the stream.
        nint length;
        do
        {
            length = Native.Receive(fd, Buffer, BufferLength, Native.Discard);
            if (length < 0 && Native.LastError == Native.Again)
            {
                return;
            }

            if (length <= 0)
            {
                End(fd, inOrder: length == 0);
                return;
            }

            this[fd].Received += (int)length;
            if (TryAnswer(fd))
            {
                return;
            }
        } while (length == BufferLength || EndsWithStream);
    }

    /// <summary>Whether a client has all that it waits for; then its exchange is counted.</summary>
    protected bool TryAnswer(int fd)
    {
        if (EndsWithStream || !IsAnswered(fd))
        {
            return false;
        }

        Meter.Count(1);
        Meter.Answered(this[fd].Began);
        if (_manner == Manner.Again)
        {
            Ask(fd);
        }
        else
        {
            _opening--;
        }

        return true;
    }

    /// <summary>A client's stream is over.</summary>
    /// <param name="fd">The client's.</param>
    /// <param name="inOrder">The peer has said so.</param>
    protected void End(int fd, bool inOrder)
    {
        if (!inOrder || !EndsWithStream || !IsAnswered(fd))
        {
            Fail(fd);
            return;
        }

        Meter.Count(1);
        Meter.Answered(this[fd].Began);
        Reopen(fd);
    }

    protected override void OnServer(int fd, int events)
    {
        if (this[fd].Unsent > 0)
        {
            Push(fd);
        }

        nint length;
        do
        {
            length = Native.Receive(fd, Buffer, BufferLength, Native.Discard);
            if (length == 0 || (length < 0 && Native.LastError != Native.Again))
            {
                Forget(fd);
                return;
            }

            this[fd].Received += (int)Math.Max(0, length);
        } while (length == BufferLength);

        if (this[fd].Received >= _request)
        {
            Answer(fd);
        }
    }

    private void Answer(int fd)
    {
        this[fd].Received = 0;
        this[fd].Unsent = _response;
        Push(fd);
        if (EndsWithStream)
        {
            Forget(fd);
        }
    }

    /// <summary>Sends until all is gone, or until an edge will say that there is room again.</summary>
    private void Push(int fd)
    {
        while (this[fd].Unsent > 0)
        {
            var length = Math.Min(this[fd].Unsent, BufferLength);
            var sent = (int)Native.Send(fd, Buffer, length, Native.NoSignal);
            this[fd].Unsent -= Math.Max(0, sent);
            if (sent < length)
            {
                return;
            }
        }
    }
}
