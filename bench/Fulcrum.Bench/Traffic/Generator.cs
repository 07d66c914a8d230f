namespace Fulcrum.Bench.Traffic;

/// <summary>
/// Load generator and backend in one thread over one epoll instance, so that together they cost one core and each
/// unit of work costs them little more than its system calls: four for a request/response, which is what the proxy
/// between them needs, too. Whether they were the bottleneck all the same is seen from the proxy's core: it idles.
/// </summary>
/// <remarks>
/// Two backends: <c>keep</c> echoes as long as the client likes; <c>close</c> echoes one message and closes. The
/// backend closes first, so the ports in TIME_WAIT are those of listeners and the ephemeral ports do not run out.
/// </remarks>
internal sealed unsafe class Generator : IDisposable
{
    private const int MostDescriptors = 65_536;
    private const int BufferLength = 16 * 1024;
    private const int MostEvents = 256;
    private const int MessageLength = 128;

    private readonly int _epoll = Native.Checked(Native.EpollCreate(0), "epoll_create1");
    private readonly Slot[] _slots = new Slot[MostDescriptors];
    private readonly byte[] _buffer = GC.AllocateArray<byte>(BufferLength, pinned: true);
    private readonly List<int> _clients = [];
    private readonly int _keep;
    private readonly int _close;
    private Address _target;
    private bool _once;
    private long _units;
    private long _errors;

    public Generator()
    {
        (_keep, KeepPort) = Native.Listen();
        (_close, ClosePort) = Native.Listen();
        Register(_keep, Kind.KeepListener, Native.In);
        Register(_close, Kind.CloseListener, Native.In);
    }

    private enum Kind : byte
    {
        Nothing,
        KeepListener,
        CloseListener,
        KeepServer,
        CloseServer,
        Connecting,
        Client,
    }

    /// <summary>The port of the backend that keeps its connections.</summary>
    public ushort KeepPort { get; }

    /// <summary>The port of the backend that answers once.</summary>
    public ushort ClosePort { get; }

    /// <summary>Runs the work against a port for a while, and counts after the warm-up.</summary>
    /// <param name="port">Where to connect.</param>
    /// <param name="work">What a unit is.</param>
    /// <param name="warmUp">Not counted.</param>
    /// <param name="duration">Counted.</param>
    /// <param name="cpu">Processor time of what is measured so far; asked at both ends of what is counted.</param>
    public Sample Run(ushort port, Work work, TimeSpan warmUp, TimeSpan duration, Func<TimeSpan> cpu)
    {
        _target = new Address(port);
        _once = work.NewConnections;
        _errors = 0;
        for (var i = 0; i < work.Connections; i++)
        {
            Open();
        }

        TurnFor(warmUp);
        var units = _units;
        var errors = _errors;
        var spent = cpu();
        var elapsed = TurnFor(duration);
        var sample = new Sample(_units - units, _errors - errors, elapsed, cpu() - spent);
        CloseClients();
        return sample;
    }

    public void Dispose()
    {
        for (var fd = 0; fd < MostDescriptors; fd++)
        {
            if (_slots[fd].Kind != Kind.Nothing)
            {
                Forget(fd);
            }
        }

        _ = Native.Close(_epoll);
    }

    private TimeSpan TurnFor(TimeSpan duration)
    {
        var start = TimeProvider.System.GetTimestamp();
        var events = stackalloc EpollEvent[MostEvents];
        while (true)
        {
            var elapsed = TimeProvider.System.GetElapsedTime(start);
            if (elapsed >= duration)
            {
                return elapsed;
            }

            var count = Native.EpollWait(_epoll, events, MostEvents, 10);
            for (var i = 0; i < count; i++)
            {
                Handle((int)events[i].Data, events[i].Events);
            }
        }
    }

    private void Handle(int fd, int events)
    {
        switch (_slots[fd].Kind)
        {
            case Kind.KeepListener:
                Accept(fd, Kind.KeepServer);
                break;
            case Kind.CloseListener:
                Accept(fd, Kind.CloseServer);
                break;
            case Kind.KeepServer:
            case Kind.CloseServer:
                Serve(fd);
                break;
            case Kind.Connecting when (events & (Native.Error | Native.HangUp)) != 0:
                Fail(fd);
                break;
            case Kind.Connecting when (events & Native.Out) != 0:
                _slots[fd].Kind = Kind.Client;
                Ask(fd);
                break;
            case Kind.Client when (events & ~Native.Out) != 0:
                TakeAnswer(fd);
                break;
            default:
                // An event for a connection that an earlier one of the same batch has closed.
                break;
        }
    }

    private void Accept(int listener, Kind kind)
    {
        for (int fd; (fd = Native.AcceptNonBlocking(listener)) >= 0; )
        {
            Native.SetNoDelay(fd);
            Register(fd, kind, Native.In);
        }
    }

    private void Serve(int fd)
    {
        fixed (byte* buffer = _buffer)
        {
            var length = Native.Receive(fd, buffer, BufferLength, 0);
            if (length <= 0)
            {
                if (length == 0 || Native.LastError != Native.Again)
                {
                    Forget(fd);
                }

                return;
            }

            _slots[fd].Received += (int)length;
            Native.Send(fd, buffer, length, Native.NoSignal);
            if (_slots[fd].Kind == Kind.CloseServer && _slots[fd].Received >= MessageLength)
            {
                Forget(fd);
            }
        }
    }

    private void Open()
    {
        var fd = Native.Socket();
        _clients.Add(fd);
        var target = _target;
        var connected = Native.Connect(fd, &target, sizeof(Address)) == 0;
        if (!connected && Native.LastError != Native.InProgress)
        {
            throw new System.ComponentModel.Win32Exception(Native.LastError);
        }

        Register(fd, Kind.Connecting, Native.In | Native.Out | Native.EdgeTriggered);
    }

    private void Ask(int fd)
    {
        fixed (byte* buffer = _buffer)
        {
            _slots[fd].Received = 0;
            Native.Send(fd, buffer, MessageLength, Native.NoSignal);
        }
    }

    private void TakeAnswer(int fd)
    {
        fixed (byte* buffer = _buffer)
        {
            // Edge triggered: read until nothing is left, and that includes the end of the stream.
            while (true)
            {
                var length = Native.Receive(fd, buffer, BufferLength, 0);
                if (length < 0 && Native.LastError == Native.Again)
                {
                    return;
                }

                if (length <= 0)
                {
                    End(fd, whole: length == 0 && _once && _slots[fd].Received == MessageLength);
                    return;
                }

                _slots[fd].Received += (int)length;
                if (!_once && _slots[fd].Received == MessageLength)
                {
                    _units++;
                    Ask(fd);
                    return;
                }
            }
        }
    }

    private void End(int fd, bool whole)
    {
        if (!whole)
        {
            Fail(fd);
            return;
        }

        _units++;
        Reopen(fd);
    }

    private void Fail(int fd)
    {
        _errors++;
        Reopen(fd);
    }

    private void Reopen(int fd)
    {
        _clients.Remove(fd);
        Forget(fd);
        Open();
    }

    private void CloseClients()
    {
        foreach (var fd in _clients)
        {
            Forget(fd);
        }

        _clients.Clear();
        TurnFor(TimeSpan.FromMilliseconds(50));
    }

    private void Register(int fd, Kind kind, int events)
    {
        if (fd >= MostDescriptors)
        {
            throw new InvalidOperationException($"descriptor {fd} is beyond the generator's table");
        }

        _slots[fd] = new Slot { Kind = kind };
        var change = new EpollEvent { Events = events, Data = (ulong)fd };
        Native.Checked(Native.EpollControl(_epoll, Native.Add, fd, &change), "epoll_ctl");
    }

    private void Forget(int fd)
    {
        _slots[fd].Kind = Kind.Nothing;
        _ = Native.Close(fd);
    }

    private struct Slot
    {
        public Kind Kind;
        public int Received;
    }
}
