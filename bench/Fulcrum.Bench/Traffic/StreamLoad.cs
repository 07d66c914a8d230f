using System.ComponentModel;

namespace Fulcrum.Bench.Traffic;

/// <summary>
/// Clients and backend in one thread over one epoll instance, so that together they cost one core, and each unit of
/// work costs them little more than its system calls. Received bytes are thrown away in the kernel (MSG_TRUNC) and not
/// copied: the generator has to be cheaper than the proxy between its ends. Whether it was the bottleneck all the same
/// is seen from the proxy's core: it idles.
/// </summary>
internal abstract unsafe class StreamLoad : ILoad
{
    protected const int MostDescriptors = 65_536;
    protected const int BufferLength = 1024 * 1024;

    private const int MostEvents = 256;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly int _epoll = Native.Checked(Native.EpollCreate(0), "epoll_create1");
    private readonly Slot[] _slots = new Slot[MostDescriptors];
    private readonly byte[] _buffer = GC.AllocateArray<byte>(BufferLength, pinned: true);
    private readonly int _listener;
    private readonly int _connections;
    private Address _target;
    private int _highest;

    /// <param name="listener">The backend's; served only while this load runs.</param>
    /// <param name="connections">Clients at once.</param>
    protected StreamLoad(int listener, int connections) => (_listener, _connections) = (listener, connections);

    protected enum Kind : byte
    {
        Nothing,
        Listener,
        Server,
        Connecting,
        Client,
    }

    protected Meter Meter { get; } = new();

    /// <summary>What the listener hands out wants to know of, beside its end.</summary>
    protected abstract int ServerEvents { get; }

    /// <summary>What a client wants to know of once it is connected, beside its end.</summary>
    protected abstract int ClientEvents { get; }

    public Sample Run(Address target, TimeSpan warmUp, TimeSpan duration, Func<TimeSpan> cpu)
    {
        Begin(target);
        for (var i = 0; i < _connections; i++)
        {
            Open();
        }

        TurnFor(warmUp);
        Meter.Begin(cpu);
        TurnFor(duration);
        var sample = Meter.End(cpu);
        CloseAll();
        return sample;
    }

    public virtual void Dispose() => _ = Native.Close(_epoll);

    protected ref Slot this[int fd] => ref _slots[fd];

    protected byte* Buffer => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _buffer[0]);

    /// <summary>A client may write.</summary>
    protected abstract void OnConnected(int fd);

    protected abstract void OnClient(int fd, int events);

    protected abstract void OnServer(int fd, int events);

    protected virtual void Begin(Address target)
    {
        _target = target;
        Register(_listener, Kind.Listener, Native.In);
    }

    protected void TurnFor(TimeSpan duration)
    {
        var start = Meter.Now;
        while (TimeProvider.System.GetElapsedTime(start) < duration)
        {
            Turn();
        }
    }

    protected void Turn()
    {
        var events = stackalloc EpollEvent[MostEvents];
        var count = Native.EpollWait(_epoll, events, MostEvents, 10);
        for (var i = 0; i < count; i++)
        {
            var fd = (int)(uint)events[i].Data;
            // What an earlier event of the same batch has closed, or opened again, has another generation.
            if (_slots[fd].Generation == (uint)(events[i].Data >> 32))
            {
                Handle(fd, events[i].Events);
            }
        }
    }

    protected void Open()
    {
        var fd = Native.Socket();
        var target = _target;
        var connected = Native.Connect(fd, &target, sizeof(Address)) == 0;
        if (!connected && Native.LastError != Native.InProgress)
        {
            throw new Win32Exception(Native.LastError);
        }

        Register(fd, Kind.Connecting, ClientEvents | Native.Out | Native.EdgeTriggered);
        _slots[fd].Began = Meter.Now;
    }

    protected void Fail(int fd)
    {
        Meter.Fail();
        Reopen(fd);
    }

    protected void Reopen(int fd)
    {
        Forget(fd);
        Open();
    }

    protected virtual void Forget(int fd)
    {
        _slots[fd].Kind = Kind.Nothing;
        _slots[fd].Generation++;
        _ = Native.Close(fd);
    }

    /// <summary>Closes both ends, gives the proxy time to see it, and takes none of it to the next run.</summary>
    protected void CloseAll()
    {
        Close(Kind.Connecting);
        Close(Kind.Client);
        TurnFor(Rest);
        Close(Kind.Server);
        _slots[_listener].Kind = Kind.Nothing;
        Native.Checked(Native.EpollControl(_epoll, Native.Remove, _listener, null), "epoll_ctl");
    }

    private void Close(Kind kind)
    {
        for (var fd = 0; fd <= _highest; fd++)
        {
            if (_slots[fd].Kind == kind)
            {
                Forget(fd);
            }
        }
    }

    private void Handle(int fd, int events)
    {
        switch (_slots[fd].Kind)
        {
            case Kind.Listener:
                Accept();
                break;
            case Kind.Server:
                OnServer(fd, events);
                break;
            case Kind.Connecting when (events & (Native.Error | Native.HangUp)) != 0:
                Fail(fd);
                break;
            case Kind.Connecting when (events & Native.Out) != 0:
                _slots[fd].Kind = Kind.Client;
                OnConnected(fd);
                break;
            case Kind.Client:
                OnClient(fd, events);
                break;
            default:
                break;
        }
    }

    private void Accept()
    {
        for (int fd; (fd = Native.AcceptNonBlocking(_listener)) >= 0; )
        {
            Native.SetNoDelay(fd);
            Register(fd, Kind.Server, ServerEvents);
        }
    }

    private void Register(int fd, Kind kind, int events)
    {
        if (fd >= MostDescriptors)
        {
            throw new InvalidOperationException($"descriptor {fd} is beyond the generator's table");
        }

        _highest = Math.Max(_highest, fd);
        _slots[fd] = new Slot { Kind = kind, Generation = _slots[fd].Generation };
        var change = new EpollEvent { Events = events, Data = ((ulong)_slots[fd].Generation << 32) | (uint)fd };
        Native.Checked(Native.EpollControl(_epoll, Native.Add, fd, &change), "epoll_ctl");
    }

    /// <summary>What is known of a descriptor.</summary>
    protected struct Slot
    {
        public Kind Kind;
        public uint Generation;
        public int Received;
        public int Unsent;
        public bool HasEnded;
        public long Began;
    }
}
